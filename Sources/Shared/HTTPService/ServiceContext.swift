package import Addresses
package import Hummingbird
package import Logging
import NIOCore

/// What a handler knows of a request besides the request: also who is at the other end of its connection.
package struct ServiceContext: RequestContext {
  /// Where the framework keeps its own name for a request.
  private static let frameworkNumber = "hb.request.id"

  package var coreContext: CoreRequestContextStorage
  private let channel: any Channel
  /// What the request is called, here and in its answer: as the client calls it, or as this service does.
  package private(set) var requestNumber = ""

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Nil when the connection has no address, or none any more.
  package var peer: IPAddress? { channel.remoteAddress.flatMap(IPAddress.init(_:)) }

  /// - Parameter given: the client's own name for it; nil where there is none.
  mutating func call(_ given: String?) {
    requestNumber = given ?? logger[metadataKey: Self.frameworkNumber]?.description ?? RequestID().description
  }

  /// For lines about this request.
  package var requestLogger: Logger {
    var logger = logger
    logger[metadataKey: Self.frameworkNumber] = nil
    logger[metadataKey: "request_id"] = "\(requestNumber)"
    return logger
  }
}

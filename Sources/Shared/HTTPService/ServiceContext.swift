package import Addresses
package import Hummingbird
import NIOCore

/// What a handler knows of a request besides the request: also who is at the other end of its connection.
package struct ServiceContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Nil when the connection has no address, or none any more.
  package var peer: IPAddress? { channel.remoteAddress.flatMap(IPAddress.init(_:)) }
}

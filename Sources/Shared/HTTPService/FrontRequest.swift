package import Addresses
package import HTTPTypes
package import NIOCore

/// What a GET says to whoever answers it in front of the framework. A field that came more than once is no such request's.
package struct FrontRequest: Sendable {
  package let path: String
  /// Without `?`, as sent.
  package let query: String?
  /// Of the connection's other end; nil when it has none any more.
  package let peer: IPAddress?
  private let places: RequestHead.Places
  private let bytes: ByteBuffer

  /// Nil for what the framework has to look at: another method, a body, a connection that ends with the answer, a target
  /// that is not plain.
  /// - Parameter bytes: of the whole head.
  init?(_ head: RequestHead, _ bytes: ByteBuffer, from peer: IPAddress?) {
    guard let place = head.places.target, head.body == .none, head.connectionWord == nil, !head.expectsContinue,
      !head.isRepeated
    else { return nil }
    let target = bytes.readableBytesView[offset: place]
    guard target.isPlainTarget else { return nil }
    let mark = target.firstIndex(of: UInt8(ascii: "?"))
    path = String(decoding: target[..<(mark ?? target.endIndex)], as: UTF8.self)
    query = mark.map { String(decoding: target[($0 + 1)...], as: UTF8.self) }
    places = head.places
    self.bytes = bytes
    self.peer = peer
  }

  package var acceptEncoding: String? { text(places.codings) }
  package var ifNoneMatch: String? { text(places.condition) }
  package var userAgent: String? { text(places.agent) }
  package var forwardedFor: String? { text(places.forwardedFor) }
  var forwardedProtocol: String? { text(places.forwardedProtocol) }
  var origin: String? { text(places.origin) }
  var givenNumber: String? { RequestNumber.given(text(places.number)) }

  private func text(_ place: Range<Int>?) -> String? {
    place.map { String(decoding: bytes.readableBytesView[offset: $0], as: UTF8.self) }
  }
}

extension ByteBufferView {
  fileprivate subscript(offset range: Range<Int>) -> ByteBufferView {
    self[(startIndex + range.lowerBound)..<(startIndex + range.upperBound)]
  }

  /// A path, perhaps with a query, in ASCII.
  fileprivate var isPlainTarget: Bool {
    first == UInt8(ascii: "/") && allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "#") }
  }
}

/// An answer that is there already. What all answers say is added by the server.
package struct FrontAnswer: Sendable {
  package var status: HTTPResponse.Status
  /// With the body's length where it has one.
  package var headers: HTTPFields
  package var body: ByteBuffer
  /// The template of the route that would have answered it.
  package var route: String

  package init(status: HTTPResponse.Status, headers: HTTPFields, body: ByteBuffer, route: String) {
    self.status = status
    self.headers = headers
    self.body = body
    self.route = route
  }
}

/// Answers what can be answered at once, on the event loop and in front of the framework: what it gives is what the route
/// would give, and it costs a fraction of it.
package protocol FrontAnswers: Sendable {
  /// Never waits. Nil where the framework has to answer.
  func answer(to request: FrontRequest) -> FrontAnswer?
}

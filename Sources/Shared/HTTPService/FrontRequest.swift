package import Addresses
package import HTTPTypes
package import NIOCore

/// What a GET says to whoever answers it in front of the framework. A field that came more than once is no such request's.
package struct FrontRequest: Sendable {
  package let path: String
  /// Without `?`, as sent.
  package let query: String?
  package let acceptEncoding: String?
  package let ifNoneMatch: String?
  package let userAgent: String?
  package let forwardedFor: String?
  /// Of the connection's other end; nil when it has none any more.
  package let peer: IPAddress?
  let forwardedProtocol: String?
  let origin: String?
  let givenNumber: String?

  /// Nil for what the framework has to look at: another method, a body, a connection that ends with the answer, a target
  /// that is not plain.
  /// - Parameter bytes: of the whole head.
  init?(_ head: RequestHead, _ bytes: ByteBuffer, from peer: IPAddress?) {
    let places = head.places
    guard let target = places.target, head.body == .none, head.connectionWord == nil, !head.expectsContinue,
      !head.isRepeated, bytes.readableBytesView[offset: target].isPlainTarget
    else { return nil }
    func text(_ place: Range<Int>?) -> String? {
      place.flatMap { bytes.getString(at: bytes.readerIndex + $0.lowerBound, length: $0.count) }
    }
    let mark = bytes.readableBytesView[offset: target].firstIndex(of: UInt8(ascii: "?"))
      .map { $0 - bytes.readerIndex }
    guard let path = text(target.lowerBound..<(mark ?? target.upperBound)) else { return nil }
    self.path = path
    query = mark.flatMap { text(($0 + 1)..<target.upperBound) }
    acceptEncoding = text(places.codings)
    ifNoneMatch = text(places.condition)
    userAgent = text(places.agent)
    forwardedFor = text(places.forwardedFor)
    forwardedProtocol = text(places.forwardedProtocol)
    origin = text(places.origin)
    givenNumber = RequestNumber.given(text(places.number))
    self.peer = peer
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

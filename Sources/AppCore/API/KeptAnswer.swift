import AppCache
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer as it is kept: its bytes in the codings that clients take, with everything that is sent beside them.
struct KeptAnswer: Sendable {
  private struct Form {
    let coding: StaticString?
    let body: ByteBuffer
    let tag: String
    let headers: HTTPFields
    let notModifiedHeaders: HTTPFields
  }

  /// What is shorter is not worth a coding.
  private static let shortest = 1_024

  private let plain: Form
  /// The one that is liked best first.
  private let coded: [Form]

  /// - Parameter isKept: whether it is worth making its codings: they are made once, for all who ask later.
  init(_ bytes: [UInt8], contentType: String, cacheControl: String, isKept: Bool) {
    let tag = EntityTag.strong(of: bytes)
    var shared: HTTPFields = [.cacheControl: cacheControl]
    var encodings: [(StaticString, [UInt8])] = []
    if isKept, bytes.count >= Self.shortest {
      if let encoded = Brotli.encoded(bytes) { encodings.append(("br", encoded)) }
      if let encoded = GZip.encoded(bytes) { encodings.append(("gzip", encoded)) }
      shared[.vary] = "Accept-Encoding"
    }
    plain = Self.form(bytes, tag, shared, contentType)
    // Another coding is another entity. Source: RFC 9110 §8.8.3.3.
    coded = encodings.map { coding, encoded in
      Self.form(encoded, "\(tag.dropLast())-\(coding)\"", shared, contentType, coding: coding)
    }
  }

  private static func form(
    _ bytes: [UInt8], _ tag: String, _ shared: HTTPFields, _ contentType: String, coding: StaticString? = nil
  ) -> Form {
    var validators = shared
    validators[.eTag] = tag
    var headers = validators
    headers[.contentType] = contentType
    headers[.contentLength] = String(bytes.count)
    if let coding { headers[.contentEncoding] = "\(coding)" }
    return Form(
      coding: coding, body: ByteBuffer(bytes: bytes), tag: tag, headers: headers,
      notModifiedHeaders: validators)
  }

  /// Bytes that it takes, near enough.
  var cost: Int { plain.body.readableBytes + coded.reduce(0) { $0 + $1.body.readableBytes } + 1_024 }

  func response(to request: Request) -> Response {
    let (status, headers, body) = reply(
      acceptEncoding: request.headers[.acceptEncoding], ifNoneMatch: request.headers[.ifNoneMatch])
    return Response(status: status, headers: headers, body: body.map { ResponseBody(byteBuffer: $0) } ?? ResponseBody())
  }

  /// What a request with these fields is answered.
  func reply(
    acceptEncoding: String?, ifNoneMatch: String?
  ) -> (status: HTTPResponse.Status, headers: HTTPFields, body: ByteBuffer?) {
    let form = accepted(acceptEncoding) ?? plain
    if let ifNoneMatch, EntityTag.matches(ifNoneMatch, form.tag) || EntityTag.matches(ifNoneMatch, plain.tag) {
      return (.notModified, form.notModifiedHeaders, nil)
    }
    return (.ok, form.headers, form.body)
  }

  private func accepted(_ field: String?) -> Form? {
    guard !coded.isEmpty, let accepted = field.map(AcceptField.init) else { return nil }
    return coded.first { $0.coding.map(accepted.takes) == true }
  }
}

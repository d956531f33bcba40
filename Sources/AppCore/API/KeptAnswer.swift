import AppCache
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer as it is kept: its bytes in the codings that clients take, with everything that is sent beside them.
struct KeptAnswer: Sendable {
  private struct Form {
    let body: ByteBuffer
    let tag: String
    let headers: HTTPFields
    let notModifiedHeaders: HTTPFields
  }

  /// What is shorter is not worth a coding.
  private static let shortest = 1_024

  private let plain: Form
  private let gzip: Form?

  init(_ bytes: [UInt8], contentType: String, cacheControl: String) {
    let tag = EntityTag.strong(of: bytes)
    var shared: HTTPFields = [.cacheControl: cacheControl]
    let coded = bytes.count < Self.shortest ? nil : GZip.encoded(bytes)
    if coded != nil { shared[.vary] = "Accept-Encoding" }
    plain = Self.form(bytes, tag, shared, contentType)
    // Another coding is another entity. Source: RFC 9110 §8.8.3.3.
    gzip = coded.map { Self.form($0, String(tag.dropLast()) + "-gzip\"", shared, contentType, coding: "gzip") }
  }

  private static func form(
    _ bytes: [UInt8], _ tag: String, _ shared: HTTPFields, _ contentType: String, coding: String? = nil
  ) -> Form {
    var validators = shared
    validators[.eTag] = tag
    var headers = validators
    headers[.contentType] = contentType
    headers[.contentLength] = String(bytes.count)
    if let coding { headers[.contentEncoding] = coding }
    return Form(body: ByteBuffer(bytes: bytes), tag: tag, headers: headers, notModifiedHeaders: validators)
  }

  /// Bytes that it takes, near enough.
  var cost: Int { plain.body.readableBytes + (gzip?.body.readableBytes ?? 0) + 1_024 }

  func response(to request: Request) -> Response {
    let form: Form
    if let gzip, request.headers[.acceptEncoding].map(AcceptField.init)?.takes("gzip") == true {
      form = gzip
    } else {
      form = plain
    }
    if let condition = request.headers[.ifNoneMatch],
      EntityTag.matches(condition, form.tag) || EntityTag.matches(condition, plain.tag)
    {
      return Response(status: .notModified, headers: form.notModifiedHeaders)
    }
    return Response(status: .ok, headers: form.headers, body: ResponseBody(byteBuffer: form.body))
  }
}

import Digests
import Wording

/// Amazon's Signature Version 4 for S3, in a header.
///
/// Source: Amazon S3 API reference, "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)";
/// its examples are the tests'.
struct S3Signature {
  var accessKey: String
  var secretKey: String
  var region: String
  /// `20130524T000000Z`
  var time: String

  /// - Parameters:
  ///   - path: begins with `/`, not encoded.
  ///   - query: not encoded, in any order.
  ///   - headers: all that are sent and signed, `host` and `x-amz-…` among them; names in lower case.
  ///   - payload: the body's SHA-256 in hexadecimal.
  /// - Returns: the field `Authorization`.
  func authorization(
    method: String, path: String, query: [(String, String)], headers: [(String, String)], payload: String
  ) -> String {
    let sorted = headers.sorted { $0.0 < $1.0 }
    let names = sorted.map(\.0).joined(separator: ";")
    let fields = sorted.map { "\($0.0):\($0.1)\n" }.joined()
    let request = [method, PercentEncoding.encoded(path, keeping: "/"), Self.encoded(query), fields, names, payload]
      .joined(separator: "\n")
    let day = String(time.prefix(8))
    let scope = "\(day)/\(region)/s3/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(SHA256Digest.hexadecimal(SHA256Digest.of(Array(request.utf8))))"
    var key = Array("AWS4\(secretKey)".utf8)
    for part in [day, region, "s3", "aws4_request"] { key = SHA256Digest.authenticated(Array(part.utf8), by: key) }
    let signature = SHA256Digest.hexadecimal(SHA256Digest.authenticated(Array(text.utf8), by: key))
    return "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
  }

  /// `a=1&b=2`, sorted and encoded, as it has to be sent too.
  static func encoded(_ query: [(String, String)]) -> String {
    query.map { (PercentEncoding.encoded($0.0), PercentEncoding.encoded($0.1)) }.sorted { $0 < $1 }.map {
      "\($0.0)=\($0.1)"
    }.joined(separator: "&")
  }
}

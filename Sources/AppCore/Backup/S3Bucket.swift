package import AppStore
import Curl
import Digests
import Foundation
import Instants
import Secrets
import Wording

/// A place in an S3 bucket, Amazon's or another that speaks the same.
package struct S3Bucket: Sendable {
  /// A backup is sent in one piece and read into memory for it.
  static let maximumBytes = 1 << 30
  /// Of up to 1,000 names each.
  static let maximumPages = 100

  /// Scheme, authority and path, which does not end with `/`.
  let endpoint: String
  /// What goes into the field `Host`.
  let authority: String
  private let root: String
  let bucket: String
  /// Ends with `/` unless it is empty.
  let prefix: String
  private let region: String
  private let accessKey: String
  private let secretKey: Redacted<String>
  private let sessionToken: Redacted<String>?

  /// Reads `s3://bucket` or `s3://bucket/prefix`, and from the environment AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
  /// AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL (for others than Amazon).
  /// - Throws: `StoreError` code `.urlInvalid`.
  package init(url: String, environment: [String: String]) throws(StoreError) {
    func setting(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    let parts = url.dropFirst("s3://".count).split(separator: "/", omittingEmptySubsequences: false)
    let name = parts.first.map { String($0) } ?? ""
    let isName = name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46 }
    let folders = parts.dropFirst().filter { !$0.isEmpty }
    let isPlain = folders.allSatisfy { folder in
      folder != "." && folder != ".."
        && folder.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0))
        }
    }
    guard url.hasPrefix("s3://"), (3...63).contains(name.utf8.count), isName, isPlain else {
      throw StoreError(
        .urlInvalid,
        "--to \(url): s3://bucket or s3://bucket/folder was expected, folders of letters, digits, `-`, `_` and `.`")
    }
    bucket = name
    prefix = folders.map { $0 + "/" }.joined()
    guard let key = setting("AWS_ACCESS_KEY_ID"), let secret = setting("AWS_SECRET_ACCESS_KEY") else {
      throw StoreError(.urlInvalid, "--to \(url): AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set")
    }
    accessKey = key
    secretKey = Redacted(secret)
    sessionToken = setting("AWS_SESSION_TOKEN").map { Redacted($0) }
    region = setting("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1"
    let endpoint = setting("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? "https://s3.\(region).amazonaws.com"
    guard let parsed = CurlURL(endpoint), parsed.scheme == "https" || (parsed.scheme == "http" && parsed.isLoopback),
      !parsed.host.isEmpty, parsed.user == nil, parsed.query == nil, !parsed.path.contains("%")
    else {
      throw StoreError(.urlInvalid, "AWS_ENDPOINT_URL: an https:// URL was expected, without user, query and %XX")
    }
    let port = parsed.port.flatMap { $0 == (parsed.scheme == "https" ? 443 : 80) ? nil : ":\($0)" }
    authority = parsed.host + (port ?? "")
    root = parsed.path.split(separator: "/").map { "/" + $0 }.joined()
    self.endpoint = "\(parsed.scheme)://\(authority)\(root)"
  }

  package var place: String { "s3://\(bucket)/\(prefix)" }

  /// Sends an object and reads it back.
  /// - Throws: `StoreError` code `.backupFailed`, `CurlError`.
  func put(_ bytes: [UInt8], name: String, at time: Double, client: CurlClient) async throws {
    _ = try await send("PUT", prefix + name, body: bytes, at: time, client: client)
    let back = try await send("GET", prefix + name, at: time, maximum: bytes.count, client: client)
    guard back == bytes else {
      throw StoreError(.differs, "\(place)\(name) is not what was sent; it is left there")
    }
  }

  /// The names under the prefix, without it.
  func names(beginning start: String, at time: Double, client: CurlClient) async throws -> [String] {
    var names: [String] = []
    var token: String?
    for _ in 0..<Self.maximumPages {
      var query = [("list-type", "2"), ("prefix", prefix + start)]
      if let token { query.append(("continuation-token", token)) }
      let body = try await send("GET", "", query: query, at: time, client: client)
      let text = String(decoding: body, as: UTF8.self)
      names += Self.elements("Key", of: text).map { String($0.dropFirst(prefix.count)) }
      token = Self.elements("NextContinuationToken", of: text).first
      if token == nil { return names }
    }
    throw StoreError(
      .backupFailed,
      "\(place): the list of what begins with \(start) does not end after \(Self.maximumPages) answers; name a folder of "
        + "the backups' own")
  }

  func delete(_ name: String, at time: Double, client: CurlClient) async throws {
    _ = try await send("DELETE", prefix + name, at: time, client: client)
  }

  private func send(
    _ method: String, _ key: String, query: [(String, String)] = [], body: [UInt8] = [], at time: Double,
    maximum: Int = 5_000_000, client: CurlClient
  ) async throws -> [UInt8] {
    let path = "\(root)/\(bucket)" + (key.isEmpty ? "" : "/\(key)")
    let hash = SHA256Digest.hexadecimal(SHA256Digest.of(body))
    let stamp = InstantText.basic(time)
    var headers = [("host", authority), ("x-amz-content-sha256", hash), ("x-amz-date", stamp)]
    // Otherwise libcurl would call the body a form.
    if method == "PUT" { headers.append(("content-type", "application/octet-stream")) }
    if let sessionToken { headers.append(("x-amz-security-token", sessionToken.secret)) }
    let signature = S3Signature(accessKey: accessKey, secretKey: secretKey.secret, region: region, time: stamp)
    let authorization = signature.authorization(
      method: method, path: path, query: query, headers: headers, payload: hash)
    let encoded = S3Signature.encoded(query)
    let request = CurlRequest(
      method: method,
      url: endpoint.dropLast(root.count) + PercentEncoding.encoded(path, keeping: "/")
        + (encoded.isEmpty ? "" : "?\(encoded)"),
      headers: (headers + [("authorization", authorization)]).map { (name: $0.0, value: $0.1) },
      body: method == "PUT" ? body : nil, totalTimeout: .seconds(1_800), maxBodyBytes: max(maximum, 65_536),
      maxRedirects: 0)
    let response = try await client.send(request)
    guard (200...299).contains(response.status) else {
      let text = String(decoding: response.body.prefix(2_000), as: UTF8.self)
      let code = Self.elements("Code", of: text).first.map { " \($0)" } ?? ""
      throw StoreError(
        .backupFailed,
        "\(place): \(method) was answered by \(response.status)\(code); check the bucket, AWS_REGION, the endpoint and the "
          + "keys' rights")
    }
    return response.body
  }

  /// The texts of an answer's elements of that name. Keys are plain: nothing in them is escaped.
  static func elements(_ name: String, of xml: String) -> [String] {
    xml.components(separatedBy: "<\(name)>").dropFirst().compactMap { $0.components(separatedBy: "</\(name)>").first }
  }
}

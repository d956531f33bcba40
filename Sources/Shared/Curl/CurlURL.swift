import CCurl

/// A URL taken apart by libcurl, so that what is checked here is what is fetched. The handle has this one owner.
package struct CurlURL: ~Copyable {
  private let handle: OpaquePointer

  /// Nil when `text` is no absolute URL, or one with a host missing.
  package init?(_ text: String) {
    guard text.utf8.count <= CurlURL.maxLength, let handle = curl_url() else { return nil }
    guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK else {
      curl_url_cleanup(handle)
      return nil
    }
    self.handle = handle
  }

  deinit { curl_url_cleanup(handle) }

  package static let maxLength = 8_192

  package var scheme: String { part(CURLUPART_SCHEME) ?? "" }
  /// Lower case; an IPv6 address in its brackets.
  package var host: String { (part(CURLUPART_HOST) ?? "").lowercased() }
  package var path: String { part(CURLUPART_PATH) ?? "/" }
  /// Nil when the URL names none.
  package var port: Int? { part(CURLUPART_PORT).flatMap { Int($0) } }
  /// Decoded; nil when the URL names none.
  package var user: String? { part(CURLUPART_USER, decoded: true) }
  package var password: String? { part(CURLUPART_PASSWORD, decoded: true) }
  /// Without `?`.
  package var query: String? { part(CURLUPART_QUERY) }
  /// Without `#`.
  package var fragment: String? { part(CURLUPART_FRAGMENT) }
  package var text: String { part(CURLUPART_URL) ?? "" }

  package var isLoopback: Bool {
    let host = host
    return host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost") || CurlURL.isLoopbackIPv4(host)
  }

  /// `reference` as a link on this page, absolute or relative; nil when it is no URL.
  package func resolving(_ reference: String) -> CurlURL? {
    guard let copy = CurlURL(text), reference.utf8.count <= CurlURL.maxLength,
      curl_url_set(copy.handle, CURLUPART_URL, reference, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK
    else { return nil }
    return copy
  }

  /// The same URL with another query (nil: none) and no fragment; nil when `query` can't be one.
  package func replacing(query: String?) -> CurlURL? {
    guard let copy = CurlURL(text), curl_url_set(copy.handle, CURLUPART_QUERY, query, 0) == CURLUE_OK,
      curl_url_set(copy.handle, CURLUPART_FRAGMENT, nil, 0) == CURLUE_OK
    else { return nil }
    return copy
  }

  /// The scheme in lower case, nil for what is no URL.
  static func scheme(of text: String) -> String? { CurlURL(text)?.scheme }

  /// Without query, fragment and credentials: fit for messages.
  package static func redacted(_ text: String) -> String {
    guard let url = CurlURL(text), let bare = url.replacing(query: nil),
      curl_url_set(bare.handle, CURLUPART_USER, nil, 0) == CURLUE_OK,
      curl_url_set(bare.handle, CURLUPART_PASSWORD, nil, 0) == CURLUE_OK
    else { return "'\(text.prefix { $0 != "?" && $0 != "@" }.prefix(100))'" }
    return bare.text
  }

  private static func isLoopbackIPv4(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private func part(_ which: CURLUPart, decoded: Bool = false) -> String? {
    var value: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, which, &value, decoded ? UInt32(CURLU_URLDECODE) : 0) == CURLUE_OK, let value else {
      return nil
    }
    defer { curl_free(value) }
    return String(cString: value)
  }
}

/// One HTTP request, with every bound that its transfer must keep.
package struct CurlRequest: Sendable {
  package var method: String
  /// `http://` or `https://`; anything else is refused.
  package var url: String
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]?
  /// From the start to an established connection, TLS included.
  package var connectTimeout: Duration
  /// From the start to the last byte, redirects included; waiting for a free slot of the client is not.
  package var totalTimeout: Duration
  /// Decoded bytes; one more ends the transfer with `.tooLarge`.
  package var maxBodyBytes: Int
  /// 0: a redirect is a response like any other.
  package var maxRedirects: Int
  /// A redirect to `http://` ends the transfer with `.protocol`. Redirects lead to http and https only, in any case.
  package var redirectsOnlyToHTTPS: Bool
  package var userAgent: String
  /// PEM file of the authorities to trust instead of the system's. Certificates are verified, always.
  package var authorityFile: String?
  /// What the request may connect to. Not through a proxy: its address is not the target's.
  package var addresses = CurlAddressRule.any
  /// Resolves and connects anew and closes afterwards, so that the phases are those of a first visit.
  package var freshConnection: Bool
  /// Whether the response says when the server's certificate expires.
  package var tellsCertificate: Bool
  /// Addresses of names, instead of the resolver's: `host:port:address[,address]`.
  /// - Source: libcurl, `CURLOPT_RESOLVE`.
  var resolved: [String] = []
  /// Set for a mail: then the rest are its bounds, and `body` is its content.
  var mail: CurlMail?

  package init(
    method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
    connectTimeout: Duration = .seconds(10), totalTimeout: Duration = .seconds(30), maxBodyBytes: Int = 5_000_000,
    maxRedirects: Int = 5, redirectsOnlyToHTTPS: Bool = true, userAgent: String = "Outgrown",
    authorityFile: String? = nil, freshConnection: Bool = false, tellsCertificate: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
    self.maxBodyBytes = maxBodyBytes
    self.maxRedirects = maxRedirects
    self.redirectsOnlyToHTTPS = redirectsOnlyToHTTPS
    self.userAgent = userAgent
    self.authorityFile = authorityFile
    self.freshConnection = freshConnection
    self.tellsCertificate = tellsCertificate
  }

  /// What libcurl would send on without a look at it.
  func validate() throws(CurlError) {
    guard CurlURL.scheme(of: url) == "http" || CurlURL.scheme(of: url) == "https" else {
      throw CurlError(.protocol, "\(CurlURL.redacted(url)) is neither http:// nor https://; give a full URL")
    }
    let isToken = { (text: String) in !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A } }
    guard isToken(method) else {
      throw CurlError(.protocol, "method '\(method)' for \(CurlURL.redacted(url)) is not a method's name; use letters")
    }
    for (name, value) in headers + [("User-Agent", userAgent)] {
      guard isToken(name), value.utf8.allSatisfy({ $0 != 0 && $0 != 0x0A && $0 != 0x0D }) else {
        throw CurlError(
          .protocol, "header '\(name)' for \(CurlURL.redacted(url)) holds a line break or no name; remove it")
      }
    }
  }
}

/// A response that arrived completely, of whatever status.
package struct CurlResponse: Sendable {
  package var status: Int
  package var headers: CurlHeaders
  package var body: [UInt8]
  /// The URL of the last hop.
  package var effectiveURL: String
  package var redirects: Int
  package var phases: CurlPhases
  /// Nil when libcurl doesn't tell.
  package var primaryIP: String?
  /// When the server's certificate expires, in seconds since 1970, where the request asked for it and there is one.
  package var certificateExpiry: Double?

  package init(
    status: Int, headers: CurlHeaders = CurlHeaders(), body: [UInt8] = [], effectiveURL: String, redirects: Int = 0,
    phases: CurlPhases = CurlPhases(), primaryIP: String? = nil
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.effectiveURL = effectiveURL
    self.redirects = redirects
    self.phases = phases
    self.primaryIP = primaryIP
  }
}

/// A response's header fields in their order; names compare without case.
package struct CurlHeaders: Sendable {
  package private(set) var fields: [(name: String, value: String)] = []

  package init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

  /// The first field of that name.
  package subscript(name: String) -> String? { values(of: name).first }

  package func values(of name: String) -> [String] {
    let wanted = name.lowercased()
    return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
  }

  /// Takes one line as libcurl hands it over. A status line begins anew: of several responses (1xx, redirects) the
  /// last one counts.
  mutating func take(line: some Sequence<UInt8>) {
    let text = String(decoding: Array(line), as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      fields = []
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...]
      let trimmed = value.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
      fields.append((String(text[..<colon]), String(trimmed)))
    }
  }
}

/// When each phase ended, counted from the start of the transfer; zero for a phase that there was none of (a reused
/// connection, no TLS). With redirects, times are those of the last hop plus everything before it.
///
/// Source: libcurl, `CURLINFO_NAMELOOKUP_TIME_T` … `CURLINFO_TOTAL_TIME_T`, in microseconds.
package struct CurlPhases: Sendable, Equatable {
  package var dns: Duration = .zero
  package var connect: Duration = .zero
  package var tls: Duration = .zero
  package var firstByte: Duration = .zero
  package var total: Duration = .zero

  package init() {}
}

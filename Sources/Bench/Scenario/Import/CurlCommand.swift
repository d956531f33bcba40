import BenchEngine
import Documents
import Foundation

/// What one command line asks for.
struct CurlCommand {
  /// Short options by their long names.
  private static let longNames: [Character: String] = [
    "X": "request", "H": "header", "d": "data", "u": "user", "A": "user-agent", "e": "referer", "b": "cookie",
    "L": "location", "I": "head", "G": "get", "F": "form", "o": "output", "m": "max-time", "w": "write-out",
    "s": "silent", "S": "show-error", "i": "include", "v": "verbose", "k": "insecure", "f": "fail", "N": "no-buffer",
    "0": "http1.0", "4": "ipv4", "6": "ipv6", "g": "globoff", "#": "progress-bar", "c": "cookie-jar", "r": "range",
    "T": "upload-file", "D": "dump-header", "O": "remote-name", "J": "remote-header-name", "q": "disable",
  ]
  /// Change nothing about the request as a load test makes it.
  private static let ignored: Set<String> = [
    "silent", "show-error", "include", "verbose", "fail", "fail-with-body", "fail-early", "http1.1", "no-buffer",
    "ipv4",
    "ipv6", "progress-bar", "no-progress-meter", "tlsv1.2", "tlsv1.3", "http2", "remote-name", "remote-header-name",
    "disable", "basic", "styled-output", "no-styled-output", "ssl-no-revoke", "no-keepalive", "tcp-nodelay",
    "create-dirs", "compressed-ssh", "no-sessionid", "raw",
  ]
  private static let ignoredWithValue: Set<String> = [
    "output", "max-time", "connect-timeout", "retry", "retry-delay", "retry-max-time", "write-out", "dump-header",
    "keepalive-time", "stderr", "trace", "trace-ascii", "expect100-timeout", "output-dir", "tls-max",
  ]
  private static let withValue: Set<String> = [
    "request", "header", "data", "data-raw", "data-ascii", "data-binary", "data-urlencode", "json", "user",
    "user-agent", "referer", "cookie", "form", "form-string", "url", "cookie-jar", "range", "upload-file",
    "oauth2-bearer", "max-redirs", "cacert", "url-query",
  ]
  private static let switches: Set<String> = [
    "location", "compressed", "head", "get", "globoff", "path-as-is", "insecure",
  ]

  /// One piece of a body, and whether the next goes right behind it.
  private struct Piece {
    var text: String
    var isJSON = false
    /// The file that it is, where it can't be a text.
    var file: String?
  }

  private let input: String?
  private let file: (String) -> [UInt8]?
  private var method: String?
  /// What `-H` says; without a value where it takes a header away.
  private var headers: [ImportedRequest.Header] = []
  /// What other options say, unless `-H` does.
  private var ownHeaders: [ImportedRequest.Header] = []
  private var basic: (user: String, password: String)?
  private var urls: [String] = []
  private var data: [Piece] = []
  private var query: [String] = []
  private var parts: [ImportedRequest.Part] = []
  private var upload: String?
  private var on: Set<String> = []
  private var mostRedirects: Int?
  private(set) var isInsecure = false
  private(set) var authorityFile: String?
  /// A file of cookies, or nothing for those of this run.
  private(set) var jarRead: String?
  private(set) var jarWritten: String?
  private(set) var notes: [String] = []

  init(_ arguments: [String], input: String?, file: @escaping (String) -> [UInt8]?) throws(ImportError) {
    self.input = input
    self.file = file
    var words = arguments[...]
    var takesOptions = true
    while let word = words.popFirst() {
      if takesOptions, word == "--" {
        takesOptions = false
      } else if takesOptions, word.hasPrefix("--") {
        let name = String(word.dropFirst(2))
        try apply(name, shown: word, value: Self.takesValue(name) ? words.popFirst() : nil)
      } else if takesOptions, word.hasPrefix("-"), word.count > 1 {
        try short(word, &words)
      } else {
        urls.append(word)
      }
    }
  }

  // MARK: Options

  private static func takesValue(_ name: String) -> Bool {
    withValue.contains(name) || ignoredWithValue.contains(name)
  }

  /// Letters that stand together, `-sSL`; the value of the last may stand with it, `-XPOST`.
  private mutating func short(_ word: String, _ words: inout ArraySlice<String>) throws(ImportError) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let name = Self.longNames[letter] else { throw Self.unknown("-\(letter)") }
      var value: String?
      if Self.takesValue(name) {
        value = letters.isEmpty ? words.popFirst() : String(letters)
        letters = ""
      }
      try apply(name, shown: "-\(letter)", value: value)
    }
  }

  private static func unknown(_ option: String) -> ImportError {
    ImportError(
      "the option \(EnvironmentMark.shown(option).excerpt) is not known here: leave it out, or write the step by hand")
  }

  private mutating func apply(_ name: String, shown: String, value: String?) throws(ImportError) {
    if Self.ignored.contains(name) { return }
    if Self.switches.contains(name) {
      on.insert(name)
      if name == "insecure" { isInsecure = true }
      return
    }
    guard Self.takesValue(name) else { throw Self.unknown(shown) }
    guard let value else { throw ImportError("\(shown) without its value") }
    if Self.ignoredWithValue.contains(name) { return }
    switch name {
    case "request":
      try refuseVariables(value, shown)
      method = value
    case "header": try header(value)
    case "user": try user(value, shown: shown)
    case "oauth2-bearer": ownHeaders.append(.init("Authorization", "Bearer \(value)"))
    case "user-agent": ownHeaders.append(.init("User-Agent", value))
    case "referer":
      guard !value.hasSuffix(";auto") else { throw ImportError("\(shown) \(value.excerpt): ';auto' is not known here") }
      ownHeaders.append(.init("Referer", value))
    case "range": ownHeaders.append(.init("Range", "bytes=\(value)"))
    case "cookie": if value.contains("=") { ownHeaders.append(.init("Cookie", value)) } else { jarRead = value }
    case "cookie-jar": jarWritten = value
    case "form", "form-string":
      parts.append(
        contentsOf: try CurlForm.part(value, shown: shown, isText: name == "form-string", contents: contents))
    case "url": urls.append(value)
    case "url-query":
      query.append(value.hasPrefix("+") ? String(value.dropFirst()) : try urlEncoded(value, shown: shown))
    case "upload-file": upload = value
    case "max-redirs":
      guard let count = Int(value) else { throw ImportError("\(shown) \(value.excerpt): expected a number") }
      mostRedirects = count < 0 ? Scenario.Bounds.redirects.upperBound : count
    case "cacert": authorityFile = value
    case "data-urlencode": data.append(Piece(text: try urlEncoded(value, shown: shown)))
    default:
      let isJSON = name == "json"
      guard value.hasPrefix("@"), name != "data-raw" else {
        data.append(Piece(text: value, isJSON: isJSON))
        return
      }
      // Of a text all line ends are dropped, of what is called binary or JSON none.
      data.append(
        try piece(String(value.dropFirst()), shown: shown, keepsLines: isJSON || name == "data-binary", isJSON: isJSON))
    }
  }

  private func refuseVariables(_ value: String, _ shown: String) throws(ImportError) {
    guard EnvironmentMark.isIn(value) else { return }
    throw ImportError("the variable $\(EnvironmentMark.name(in: value)) in \(shown): write its value")
  }

  private mutating func user(_ value: String, shown: String) throws(ImportError) {
    guard let colon = value.firstIndex(of: ":") else {
      throw ImportError(
        "\(shown) \(EnvironmentMark.shown(value).excerpt): curl asks for the password: write NAME:PASSWORD")
    }
    guard EnvironmentMark.isIn(value) else {
      ownHeaders.append(.init("Authorization", "Basic \(Data(value.utf8).base64EncodedString())"))
      return
    }
    basic = (String(value[..<colon]), String(value[value.index(after: colon)...]))
  }

  private mutating func header(_ text: String) throws(ImportError) {
    guard !text.hasPrefix("@") else { throw ImportError("-H \(text.excerpt): a file of headers; write them out") }
    guard let colon = text.firstIndex(of: ":") else {
      // 'Name;' sends a header without a value.
      guard text.hasSuffix(";") else {
        throw ImportError("the header '\(EnvironmentMark.shown(text).excerpt)' has no ':'")
      }
      headers.append(.init(String(text.dropLast()), ""))
      return
    }
    let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    // 'Name:' only takes away what curl would have sent.
    headers.append(.init(String(text[..<colon]), value.isEmpty ? nil : String(value)))
  }

  // MARK: Files

  /// - Throws: `ImportError` when it can't be read.
  private func contents(_ name: String, _ shown: String) throws(ImportError) -> [UInt8] {
    if name == "-" {
      guard let input else { throw ImportError("\(shown) @-: what is on standard input is not here: write it out") }
      return Array(input.utf8)
    }
    try refuseVariables(name, shown)
    guard let bytes = file(name) else {
      throw ImportError("\(shown) \(name.excerpt): a file's content, and it can't be read from this folder")
    }
    return bytes
  }

  private func piece(_ name: String, shown: String, keepsLines: Bool, isJSON: Bool) throws(ImportError) -> Piece {
    var bytes = try contents(name, shown)
    if !keepsLines { bytes.removeAll { $0 == 10 || $0 == 13 || $0 == 0 } }
    // What is long or no text stays where it is.
    if bytes.count <= 100_000, let text = String(validating: bytes, as: UTF8.self), !text.contains("\u{0}") {
      return Piece(text: text, isJSON: isJSON)
    }
    guard keepsLines, name != "-" else {
      throw ImportError("\(shown) @\(name.excerpt): not a text of at most 100 kB: send it with --data-binary")
    }
    return Piece(text: "", isJSON: isJSON, file: name)
  }

  /// `content`, `=content`, `name=content`, `@file`, `name@file`: the content is encoded.
  private func urlEncoded(_ text: String, shown: String) throws(ImportError) -> String {
    try refuseVariables(text, shown)
    let name = text.prefix { $0 != "=" && $0 != "@" }
    let rest = text.dropFirst(name.count)
    var bytes = Array((rest.isEmpty ? name : rest.dropFirst()).utf8)
    if rest.hasPrefix("@") { bytes = try contents(String(rest.dropFirst()), shown) }
    try refuseVariables(String(decoding: bytes, as: UTF8.self), shown)
    let encoded = ValueEncoding.percent.text(bytes)
    return rest.isEmpty || name.isEmpty ? encoded : "\(name)=\(encoded)"
  }

  // MARK: Requests

  /// One for each URL.
  var requests: [ImportedRequest] {
    mutating get throws(ImportError) {
      guard !urls.isEmpty else { throw ImportError("a curl command without a URL") }
      let kinds = [!data.isEmpty && !on.contains("get"), !parts.isEmpty, upload != nil]
      guard kinds.count(where: { $0 }) <= 1, parts.isEmpty || !on.contains("get") else {
        throw ImportError("-d beside -F, -T or -G: a request has one body")
      }
      guard !on.contains("head") || !kinds.contains(true) else {
        throw ImportError("-I beside -d, -F or -T: curl makes no such request; add -G to put -d into the URL")
      }
      var requests: [ImportedRequest] = []
      for url in urls { requests.append(try finished(url)) }
      return requests
    }
  }

  private mutating func finished(_ url: String) throws(ImportError) -> ImportedRequest {
    var request = ImportedRequest(method: "", url: try self.url(url))
    request.parts = parts
    try setBody(of: &request)
    request.method = method ?? (on.contains("head") ? "HEAD" : upload != nil ? "PUT" : request.hasBody ? "POST" : "GET")
    try setHeaders(of: &request)
    if on.contains("location") {
      request.redirects = mostRedirects ?? 5
      if method != nil, request.hasBody {
        notes.append(
          "-X with -L: curl keeps \(request.method) along a redirect, a step goes on with GET as browsers do")
      }
    }
    return request
  }

  private mutating func setBody(of request: inout ImportedRequest) throws(ImportError) {
    if let upload {
      guard !upload.contains("{"), !upload.contains("[") else {
        throw ImportError("-T \(upload.excerpt): curl's patterns; write one command for each")
      }
      let piece = try piece(upload, shown: "-T", keepsLines: true, isJSON: false)
      if let file = piece.file { request.bodyFile = file } else { request.body = piece.text }
      if request.url.hasSuffix("/") { request.url += upload.split(separator: "/").last ?? "" }
      ownHeaders.append(.init("Content-Type", nil))
      return
    }
    guard !data.isEmpty else { return }
    if let name = data.first(where: { $0.file != nil })?.file {
      guard data.count == 1, !on.contains("get") else {
        throw ImportError("@\(name.excerpt) beside other data: a file's content; send it by itself")
      }
      request.bodyFile = name
    } else {
      var body = ""
      for (number, piece) in data.enumerated() { body += (number > 0 && !piece.isJSON ? "&" : "") + piece.text }
      if on.contains("get") {
        request.url += (request.url.contains("?") ? "&" : "?") + body
        return
      }
      request.body = body
    }
    let isJSON = data.contains(where: \.isJSON)
    ownHeaders.append(
      .init("Content-Type", isJSON ? "application/json" : "application/x-www-form-urlencoded"))
    if isJSON { ownHeaders.append(.init("Accept", "application/json")) }
  }

  /// What `-H` says wins over other options.
  private mutating func setHeaders(of request: inout ImportedRequest) throws(ImportError) {
    var result: [ImportedRequest.Header] = []
    for header in headers {
      if let header = try self.kept(header, of: request) { result.append(header) }
    }
    let said = Set(headers.map { $0.name.lowercased() })
    for header in ownHeaders where !said.contains(header.name.lowercased()) {
      let isLast = header.name == "Cookie" || !result.contains { $0.name.lowercased() == header.name.lowercased() }
      if isLast {
        result.append(header)
      } else if let index = result.firstIndex(where: { $0.name.lowercased() == header.name.lowercased() }) {
        result[index] = header
      }
    }
    if on.contains("compressed"), !said.contains("accept-encoding") {
      result.append(.init("Accept-Encoding", "gzip, deflate"))
    }
    if !said.contains("authorization") { request.basic = basic }
    request.headers = result
    if result.contains(where: { $0.name.lowercased() == "user-agent" && $0.value != nil }) {
      notes.append("User-Agent: this tool's own name follows the one that is given")
    }
  }

  /// Nil for what makes no difference to a step.
  private mutating func kept(
    _ header: ImportedRequest.Header, of request: ImportedRequest
  ) throws(ImportError) -> ImportedRequest.Header? {
    let name = header.name.lowercased()
    let isSaid = headers.contains { $0.name.lowercased() == name && $0.value != nil }
    guard RequestRenderer.isToken(header.name) else {
      throw ImportError("the header '\(EnvironmentMark.shown(header.name).excerpt)' has no name that HTTP knows")
    }
    guard let value = header.value else {
      switch name {
      case "host": throw ImportError("-H 'Host:': a request always has one")
      case "user-agent": notes.append("-H 'User-Agent:': a step always has this tool's own")
      case "accept" where !isSaid, "content-type" where !isSaid && request.hasBody && request.parts.isEmpty:
        return header
      default: break
      }
      return nil
    }
    switch name {
    case "content-type" where !request.parts.isEmpty:
      guard value.lowercased().hasPrefix("multipart/form-data"), !value.lowercased().contains("boundary") else {
        throw ImportError("-H 'Content-Type: \(value.excerpt)' beside -F: the form's own has the boundary")
      }
      return nil
    case "content-length":
      guard request.bodyFile == nil, request.parts.isEmpty, value == "\(request.body?.utf8.count ?? 0)" else {
        throw ImportError("-H 'Content-Length: \(value.excerpt)': the engine counts the body itself")
      }
      return nil
    case "upgrade": throw ImportError("-H 'Upgrade: \(value.excerpt)': a step can't change the protocol")
    case "connection" where value.lowercased() == "keep-alive": return nil
    case _ where RequestRenderer.problem(withHeader: header.name) != nil:
      notes.append(
        "-H '\(header.name): \(EnvironmentMark.shown(value).excerpt)' is left out: the engine frames messages itself")
      return nil
    default: return header
    }
  }

  /// With a scheme, without a fragment, `..` and a user's name.
  private mutating func url(_ text: String) throws(ImportError) -> String {
    var url = String(text.prefix { $0 != "#" })
    let begins = url.firstRange(of: "://")
    let rest = begins.map { url[$0.upperBound...] } ?? url[...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    var tail = String(rest[authority.endIndex...])
    let scheme = begins.map { String(url[..<$0.lowerBound]) } ?? "http"
    if begins == nil, authority.lowercased().hasPrefix("ftp.") {
      throw ImportError("\(url.excerpt): curl takes it for FTP")
    }
    let isPattern = (authority.hasPrefix("[") ? tail : url).contains { "{}[]".contains($0) }
    if isPattern, !on.contains("globoff"), !url.contains("{{") {
      throw ImportError(
        "\(EnvironmentMark.shown(url).excerpt): curl's patterns of URLs; write one command for each, or add -g")
    }
    var host = authority
    if let at = authority.lastIndex(of: "@") {
      let user = String(authority[..<at])
      host = authority[authority.index(after: at)...]
      guard !ownHeaders.contains(where: { $0.name == "Authorization" }), basic == nil else {
        throw ImportError("\(String(host).excerpt): a user's name in the URL beside -u: keep one of them")
      }
      try refuseVariables(user, "the URL's user")
      let pair = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0).removingPercentEncoding ?? String($0) }
      try self.user(pair.count > 1 ? "\(pair[0]):\(pair[1])" : "\(pair[0]):", shown: "the URL's user")
    }
    if !on.contains("path-as-is") { tail = Self.withoutDots(tail) }
    for part in query { tail += (tail.contains("?") ? "&" : "?") + part }
    if let unsafe = tail.first(where: { "|\"<>^`{}".contains($0) || !$0.isASCII }), !EnvironmentMark.isIn(tail) {
      notes.append("'\(unsafe)' in a URL is sent percent-encoded: a request line can't hold it")
    }
    url = "\(scheme)://\(host)\(tail)"
    return url
  }

  /// Source: RFC 3986 §5.2.4.
  private static func withoutDots(_ tail: String) -> String {
    let path = tail.prefix { $0 != "?" }
    guard path.contains("/.") else { return tail }
    var kept: [Substring] = []
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (number, segment) in segments.enumerated() {
      let isLast = number == segments.count - 1
      if segment == ".." { kept = kept.dropLast() }
      if segment == "." || segment == ".." {
        if isLast { kept.append("") }
      } else {
        kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/") + tail[path.endIndex...]
  }
}

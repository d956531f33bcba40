import Foundation

/// Reads command lines as browsers' “Copy as cURL” and people write them.
///
/// Source of the options' meaning: curl's manual (curl 7.88, read on 2026-11-25).
package enum CurlImport {
  /// - Throws: `ImportError` for an option that it doesn't know: leaving it out could make another request.
  package static func read(_ text: String) throws(ImportError) -> [ImportedRequest] {
    var requests: [ImportedRequest] = []
    for words in try ShellWords.commands(in: text) where !words.isEmpty {
      guard words[0] == "curl" else {
        throw ImportError("'\(words[0].prefix(40))': expected a line that begins with curl")
      }
      for arguments in words.dropFirst().split(separator: "--next").map(Array.init) {
        requests += try CurlCommand(arguments).requests
      }
    }
    if requests.isEmpty { throw ImportError("no curl command in it, or one without a URL") }
    return requests
  }
}

/// What one command line asks for.
private struct CurlCommand {
  /// Short options by their long names.
  private static let longNames: [Character: String] = [
    "X": "request", "H": "header", "d": "data", "u": "user", "A": "user-agent", "e": "referer", "b": "cookie",
    "L": "location", "I": "head", "G": "get", "F": "form", "o": "output", "m": "max-time", "w": "write-out",
    "s": "silent", "S": "show-error", "i": "include", "v": "verbose", "k": "insecure", "f": "fail", "N": "no-buffer",
    "0": "http1.0", "4": "ipv4", "6": "ipv6", "g": "globoff", "#": "progress-bar",
  ]
  /// Change nothing about the request as a load test makes it.
  private static let ignored: Set<String> = [
    "silent", "show-error", "include", "verbose", "insecure", "fail", "fail-with-body", "http1.1", "no-buffer", "ipv4",
    "ipv6", "globoff", "progress-bar", "no-progress-meter", "tlsv1.2", "tlsv1.3", "http2",
  ]
  private static let ignoredWithValue: Set<String> = [
    "output", "max-time", "connect-timeout", "retry", "retry-delay", "write-out", "cacert", "max-redirs",
  ]
  private static let withValue: Set<String> = [
    "request", "header", "data", "data-raw", "data-ascii", "data-binary", "data-urlencode", "json", "user",
    "user-agent",
    "referer", "cookie", "form", "form-string", "url",
  ]
  private static let switches: Set<String> = ["location", "compressed", "head", "get"]

  private var request = ImportedRequest(method: "", url: "")
  private var urls: [String] = []
  private var data: [String] = []
  private var usesGet = false
  private var isJSON = false

  init(_ arguments: [String]) throws(ImportError) {
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

  /// One for each URL.
  var requests: [ImportedRequest] {
    get throws(ImportError) {
      guard !urls.isEmpty else { throw ImportError("a curl command without a URL") }
      var requests: [ImportedRequest] = []
      for url in urls { requests.append(try finished(url)) }
      return requests
    }
  }

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
    ImportError("the option \(option.prefix(40)) is not known here: leave it out, or write the step by hand")
  }

  private mutating func apply(_ name: String, shown: String, value: String?) throws(ImportError) {
    if Self.ignored.contains(name) { return }
    if Self.switches.contains(name) {
      turnOn(name)
      return
    }
    guard Self.takesValue(name) else { throw Self.unknown(shown) }
    guard let value else { throw ImportError("\(shown) without its value") }
    switch name {
    case "request": request.method = value.uppercased()
    case "header": try header(value)
    case "user": set("Authorization", "Basic \(Data(value.utf8).base64EncodedString())")
    case "user-agent": set("User-Agent", value)
    case "referer": set("Referer", value)
    case "cookie":
      guard value.contains("=") else {
        throw ImportError("\(shown) \(value.prefix(40)): a file of cookies; a scenario's users keep their own")
      }
      set("Cookie", value)
    case "form", "form-string": try part(value, shown: shown, isText: name == "form-string")
    case "url": urls.append(value)
    case "data-urlencode": try urlEncoded(value, shown: shown)
    case _ where name.hasPrefix("data") || name == "json":
      guard !value.hasPrefix("@") || name == "data-raw" else { throw Self.file(shown, value) }
      isJSON = isJSON || name == "json"
      data.append(value)
    default: break
    }
  }

  private mutating func turnOn(_ name: String) {
    switch name {
    case "location": request.followsRedirects = true
    case "compressed": setUnlessThere("Accept-Encoding", "gzip, deflate")
    case "head": request.method = "HEAD"
    default: usesGet = true
    }
  }

  private static func file(_ shown: String, _ value: String) -> ImportError {
    ImportError("\(shown) \(value.prefix(40)): a file's content; put 'file: …' into the scenario by hand")
  }

  private mutating func header(_ text: String) throws(ImportError) {
    guard let colon = text.firstIndex(of: ":") else {
      // 'Name;' sends a header without a value.
      guard text.hasSuffix(";") else { throw ImportError("the header '\(text.prefix(40))' has no ':'") }
      request.headers.append(.init(String(text.dropLast()), ""))
      return
    }
    let value = text[text.index(after: colon)...].drop { $0 == " " }
    // 'Name:' only takes away what curl would have sent.
    if !value.isEmpty { request.headers.append(.init(String(text[..<colon]), String(value))) }
  }

  /// `name=value`, `name=@file;type=…`.
  private mutating func part(_ text: String, shown: String, isText: Bool) throws(ImportError) {
    guard let equals = text.firstIndex(of: "=") else { throw ImportError("\(shown) \(text.prefix(40)) has no '='") }
    let name = String(text[..<equals])
    var value = String(text[text.index(after: equals)...])
    guard !request.parts.contains(where: { $0.name == name }) else {
      throw ImportError("\(shown) \(name.prefix(40)) twice: a scenario's multipart has each name once")
    }
    guard !isText, let first = value.first, first == "@" || first == "<" else {
      request.parts.append(.init(name: name, text: value))
      return
    }
    guard first == "@" else { throw Self.file(shown, value) }
    let pieces = value.dropFirst().split(separator: ";").map(String.init)
    value = pieces.first ?? ""
    let types = pieces.dropFirst().filter { $0.hasPrefix("type=") }.map { String($0.dropFirst(5)) }
    guard !value.isEmpty, types.count == pieces.count - 1 else {
      throw ImportError("\(shown) \(text.prefix(60)): expected name=@FILE or name=@FILE;type=TYPE")
    }
    request.parts.append(.init(name: name, file: value, type: types.first))
  }

  /// `content`, `=content`, `name=content`: the content is encoded.
  private mutating func urlEncoded(_ text: String, shown: String) throws(ImportError) {
    let name = text.prefix { $0 != "=" && $0 != "@" }
    let rest = text.dropFirst(name.count)
    if rest.hasPrefix("@") { throw Self.file(shown, String(rest)) }
    let content = rest.isEmpty ? name : rest.dropFirst()
    let unreserved = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    let encoded = String(content).addingPercentEncoding(withAllowedCharacters: unreserved) ?? String(content)
    data.append(rest.isEmpty || name.isEmpty ? encoded : "\(name)=\(encoded)")
  }

  private mutating func set(_ name: String, _ value: String) { request.headers.append(.init(name, value)) }

  private mutating func setUnlessThere(_ name: String, _ value: String) {
    if !request.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) { set(name, value) }
  }

  private func finished(_ url: String) throws(ImportError) -> ImportedRequest {
    var command = self
    if url.contains(where: { "{}".contains($0) }), !url.contains("{{") {
      throw ImportError("\(url.prefix(60)): curl's patterns of URLs; write one command for each")
    }
    command.request.url = url.contains("://") ? url : "http://" + url
    guard data.isEmpty || request.parts.isEmpty else { throw ImportError("-d beside -F: a request has one body") }
    if !data.isEmpty {
      let body = data.joined(separator: isJSON ? "" : "&")
      if usesGet {
        command.request.url += (command.request.url.contains("?") ? "&" : "?") + body
      } else {
        command.request.body = body
        command.setUnlessThere("Content-Type", isJSON ? "application/json" : "application/x-www-form-urlencoded")
        if isJSON { command.setUnlessThere("Accept", "application/json") }
      }
    }
    if command.request.method.isEmpty {
      command.request.method = command.request.body == nil && request.parts.isEmpty ? "GET" : "POST"
    }
    return command.request
  }
}

import Foundation

/// Reads command lines as browsers' “Copy as cURL” and people write them.
package enum CurlImport {
  /// Options that take a value and change nothing about the request as a load test makes it.
  private static let ignoredWithValue: Set<String> = [
    "-o", "--output", "-m", "--max-time", "--connect-timeout", "--retry", "-w", "--write-out", "--cacert",
  ]
  private static let ignored: Set<String> = [
    "-s", "--silent", "-S", "--show-error", "-i", "--include", "-v", "--verbose", "-k",
    "--insecure", "-f", "--fail", "-sS", "-sSf", "--http1.1", "-N", "--no-buffer",
  ]

  /// - Throws: `ImportError` for an option that it doesn't know: leaving it out could make another request.
  package static func read(_ text: String) throws(ImportError) -> [ImportedRequest] {
    var requests: [ImportedRequest] = []
    for words in try commands(in: text) where !words.isEmpty {
      guard words[0] == "curl" else {
        throw ImportError("'\(words[0].prefix(40))': expected a line that begins with curl")
      }
      requests.append(try request(Array(words.dropFirst())))
    }
    if requests.isEmpty { throw ImportError("no curl command in it") }
    return requests
  }

  private static func request(_ arguments: [String]) throws(ImportError) -> ImportedRequest {
    var request = ImportedRequest(method: "", url: "")
    var data: [String] = []
    var usesGet = false
    var index = 0
    func value(of option: String) throws(ImportError) -> String {
      index += 1
      guard index < arguments.count else { throw ImportError("\(option) without its value") }
      return arguments[index]
    }
    while index < arguments.count {
      let option = arguments[index]
      switch option {
      case "-X", "--request": request.method = try value(of: option).uppercased()
      case "-H", "--header":
        let header = try value(of: option)
        guard let colon = header.firstIndex(of: ":") else {
          throw ImportError("the header '\(header.prefix(40))' has no ':'")
        }
        let text = header[header.index(after: colon)...].drop { $0 == " " }
        request.headers.append(.init(String(header[..<colon]), String(text)))
      case "-d", "--data", "--data-raw", "--data-ascii", "--data-binary":
        let text = try value(of: option)
        if text.hasPrefix("@"), option != "--data-raw" {
          throw ImportError("\(option) \(text.prefix(40)): a file's content; put 'file: …' into the scenario by hand")
        }
        data.append(text)
      case "-u", "--user":
        let pair = try value(of: option)
        request.headers.append(.init("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
      case "-A", "--user-agent": request.headers.append(.init("User-Agent", try value(of: option)))
      case "-e", "--referer": request.headers.append(.init("Referer", try value(of: option)))
      case "-b", "--cookie": request.headers.append(.init("Cookie", try value(of: option)))
      case "-L", "--location": request.followsRedirects = true
      case "--compressed":
        if !request.headers.contains(where: { $0.name.lowercased() == "accept-encoding" }) {
          request.headers.append(.init("Accept-Encoding", "gzip, deflate"))
        }
      case "-I", "--head": request.method = "HEAD"
      case "-G", "--get": usesGet = true
      case "--url": request.url = try value(of: option)
      case _ where ignoredWithValue.contains(option): _ = try value(of: option)
      case _ where ignored.contains(option): break
      case _ where option.hasPrefix("-"):
        throw ImportError("the option \(option.prefix(40)) is not known here: leave it out, or write the step by hand")
      default:
        guard request.url.isEmpty else { throw ImportError("a second URL, '\(option.prefix(60))', in one command") }
        request.url = option
      }
      index += 1
    }
    guard !request.url.isEmpty else { throw ImportError("a curl command without a URL") }
    if !request.url.contains("://") { request.url = "http://" + request.url }
    if !data.isEmpty {
      let body = data.joined(separator: "&")
      if usesGet {
        request.url += (request.url.contains("?") ? "&" : "?") + body
      } else {
        request.body = body
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
          request.headers.append(.init("Content-Type", "application/x-www-form-urlencoded"))
        }
      }
    }
    if request.method.isEmpty { request.method = request.body == nil ? "GET" : "POST" }
    return request
  }

  /// Words by the shell's rules: quotes, `$'…'`, backslashes, lines that go on, comments; a command a line.
  static func commands(in text: String) throws(ImportError) -> [[String]] {
    var commands: [[String]] = [[]]
    var word: String?
    var characters = Array(text.replacing("\r\n", with: "\n"))[...]
    func endWord() {
      if let word { commands[commands.count - 1].append(word) }
      word = nil
    }
    while let character = characters.popFirst() {
      switch character {
      case "\n", ";":
        endWord()
        commands.append([])
      case " ", "\t": endWord()
      case "#" where word == nil: while let next = characters.first, next != "\n" { characters.removeFirst() }
      case "\\":
        guard let next = characters.popFirst() else { break }
        if next != "\n" { word = (word ?? "") + String(next) }
      case "'":
        word = (word ?? "") + (try quoted(&characters, until: "'", escapes: []))
      case "\"":
        word = (word ?? "") + (try quoted(&characters, until: "\"", escapes: ["\"", "\\", "$", "`"]))
      case "$" where characters.first == "'":
        characters.removeFirst()
        word = (word ?? "") + (try ansiQuoted(&characters))
      default: word = (word ?? "") + String(character)
      }
    }
    endWord()
    return commands
  }

  private static func quoted(
    _ characters: inout ArraySlice<Character>, until end: Character, escapes: Set<Character>
  ) throws(ImportError) -> String {
    var text = ""
    while let character = characters.popFirst() {
      if character == end { return text }
      if character == "\\", let next = characters.first, escapes.contains(next) {
        text.append(next)
        characters.removeFirst()
      } else {
        text.append(character)
      }
    }
    throw ImportError("a quote \(end) that doesn't end")
  }

  private static func ansiQuoted(_ characters: inout ArraySlice<Character>) throws(ImportError) -> String {
    let plain: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "'": "'", "\"": "\"", "\\": "\\", "!": "!"]
    var text = ""
    while let character = characters.popFirst() {
      if character == "'" { return text }
      guard character == "\\", let next = characters.popFirst() else {
        text.append(character)
        continue
      }
      if let known = plain[next] {
        text.append(known)
      } else if next == "u" || next == "x" {
        let digits = characters.prefix(next == "u" ? 4 : 2).prefix { $0.isHexDigit }
        guard let scalar = UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init) else {
          throw ImportError("the escape \\\(next) without its digits")
        }
        text.unicodeScalars.append(scalar)
        characters = characters.dropFirst(digits.count)
      } else {
        throw ImportError("the escape \\\(next) is not known here")
      }
    }
    throw ImportError("a quote $' that doesn't end")
  }
}

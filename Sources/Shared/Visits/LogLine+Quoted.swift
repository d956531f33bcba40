import Instants

/// Forms with the request in quotes and the time elsewhere, or nowhere.
extension LogLine {
  /// `203.0.113.9:5000 - "GET / HTTP/1.1" 200 OK` (uvicorn), `203.0.113.9 "GET / HTTP/1.1" 200 512 "-" "agent" 0.001`
  /// (actix), `203.0.113.9 - - "GET / HTTP/1.1" 200 -`.
  static func unbracketed(_ line: LogBytes) -> LogEntry? {
    guard let quote = line.firstIndex(of: UInt8(ascii: "\"")),
      let close = LogToken.closingQuote(line, from: quote + 1),
      let path = RequestText.target(line[(quote + 1)..<close])
    else { return nil }
    let head = line[line.startIndex..<quote].words
    guard let first = head.first, head.count <= 3, head.dropFirst().allSatisfy(\.isDash) else { return nil }
    var entry = LogEntry()
    entry.path = path
    entry.form = .uvicorn
    if let address = ClientAddress.parse(first) {
      entry.client = address
    } else if !(head.count > 1 && (first.isDash || first.equals("unix:") || first.equals(":0"))) {
      return nil
    }
    let tail = line[(close + 1)...]
    guard let tokens = LogToken.all(tail), case .word(let word)? = tokens.first,
      let status = RequestText.status(word)
    else { return nil }
    // `200 OK`, or `200` alone; otherwise as in the combined format.
    let isPhrase = tokens.dropFirst().allSatisfy {
      if case .word(let word) = $0 { word.first?.isLetter == true } else { false }
    }
    guard !isPhrase else {
      entry.status = status
      return entry
    }
    return behind(tail, into: &entry, isStatusNeeded: true) ? entry : nil
  }

  /// `Started GET "/path" for 203.0.113.9 at 2026-11-25 10:00:00 +0000`.
  /// - Source: Rails 8, `Rails::Rack::Logger`.
  static func rails(_ line: LogBytes) -> LogEntry? {
    guard line.hasPrefix("Started "), let quote = line.firstIndex(of: UInt8(ascii: "\"")),
      let close = LogToken.closingQuote(line, from: quote + 1)
    else { return nil }
    let method = line[(line.startIndex + 8)..<quote].trimmed
    let words = line[(close + 1)...].words
    guard RequestText.isMethod(method), RequestText.isTarget(line[(quote + 1)..<close]), words.count >= 4,
      words[0].equals("for"), let address = ClientAddress.parse(words[1]), words[2].equals("at")
    else { return nil }
    var reader = InstantReader(line[words[3].startIndex...])
    guard let time = reader.iso(), line[reader.index...].allSatisfy(\.isBlank) else { return nil }
    var entry = LogEntry()
    entry.time = time
    entry.client = address
    entry.path = line[(quote + 1)..<close]
    return entry
  }

  /// `GET /path 200 5.123 ms - 512` (dev), `GET /path 200 512 - 5.123 ms` (tiny),
  /// `203.0.113.9 - GET /path HTTP/1.1 200 512 - 5.123 ms` (short).
  /// - Source: morgan 1.10, “Predefined Formats”.
  static func morgan(_ line: LogBytes) -> LogEntry? {
    var words = line.words
    var entry = LogEntry()
    entry.form = .morgan
    if words.count > 3, let address = ClientAddress.parse(words[0]), words[1].isDash {
      guard words.count == 10, words[4].hasPrefix("HTTP/") else { return nil }
      entry.client = address
      words.remove(at: 4)
      words.removeFirst(2)
    }
    guard words.count == 6 || words.count == 7, RequestText.isMethod(words[0]), RequestText.isTarget(words[1]),
      let status = RequestText.status(words[2]), words.contains(where: { $0.equals("ms") })
    else { return nil }
    entry.path = words[1]
    entry.status = status
    let size = words[4].isDash ? words[3] : words[words.count - 1]
    entry.bytes = size.isDash ? 0 : size.integer
    return entry
  }
}

/// Reads one line of any known form.
///
/// A line may carry an envelope: a time in front, a syslog header (RFC 5424), or JSON with `timestamp` and `message`, as
/// log exports wrap whatever a service printed. Within it stands a request: common or combined log format, uvicorn's,
/// the router's `[GET] 200 host/path clientIP="…" …`, or JSON with fields of its own.
enum LogLine {
  /// Nil for a line that tells of no request.
  static func parse(_ line: LogBytes) -> LogEntry? { parse(line.trimmed, depth: 0) }

  static func parse(_ line: LogBytes, depth: Int) -> LogEntry? {
    let line = line.contains(0x1B) ? withoutColours(line).trimmed : line
    guard let first = line.first, depth < 3 else { return nil }
    if first == UInt8(ascii: "{") { return json(line, depth: depth) }
    if first == UInt8(ascii: "<"), let syslog = syslog(line) {
      return inEnvelope(syslog.stamp, syslog.message, depth: depth)
    }
    if first.isDigit, let stamp = LogTime.iso(line) { return inEnvelope(stamp, line[stamp.end...], depth: depth) }
    if first == UInt8(ascii: "["), let stamp = LogTime.iso(line.dropFirst()) {
      let rest = line[stamp.end...]
      return inEnvelope(stamp, rest.first == UInt8(ascii: "]") ? rest.dropFirst() : rest, depth: depth)
    }
    return router(line) ?? quotedRequest(line) ?? morgan(line)
  }

  /// Colour codes, which exports leave in, hide where a request begins.
  private static func withoutColours(_ line: LogBytes) -> LogBytes {
    var clean: [UInt8] = []
    var index = line.startIndex
    while index < line.endIndex {
      if line[index] == 0x1B {
        while index < line.endIndex, line[index] != UInt8(ascii: "m") { index += 1 }
      } else {
        clean.append(line[index])
      }
      index += 1
    }
    return clean[...]
  }

  private static func inEnvelope(_ stamp: LogTime.Stamp, _ rest: LogBytes, depth: Int) -> LogEntry? {
    guard var entry = parse(rest.trimmed, depth: depth + 1) else { return nil }
    // The request's own time is nearer to it than the envelope's.
    if entry.seconds == nil {
      entry.seconds = stamp.seconds
      entry.hasZone = stamp.hasZone
      entry.zoneOffset = stamp.zoneOffset
    }
    return entry
  }

  /// `<0>1 2026-03-31T16:00:00-08:00 host app proc msgid - message`.
  private static func syslog(_ line: LogBytes) -> (stamp: LogTime.Stamp, message: LogBytes)? {
    guard let close = line.index(of: UInt8(ascii: ">"), from: line.startIndex),
      let space = line.index(of: UInt8(ascii: " "), from: close), let stamp = LogTime.iso(line[(space + 1)...])
    else { return nil }
    var index = stamp.end
    // Host, application, process, message id, structured data.
    for _ in 0..<4 {
      guard let next = line.index(of: UInt8(ascii: " "), from: index + 1) else { return nil }
      index = next
    }
    var rest = line[index...].trimmed
    if rest.first == UInt8(ascii: "["), let end = rest.index(of: UInt8(ascii: "]"), from: rest.startIndex) {
      rest = rest[(end + 1)...]
    } else if rest.first == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    return (stamp, rest)
  }

  // MARK: Forms

  /// `[GET] 200 host/path clientIP="1.2.3.4" requestID="…" responseTimeMS=11 responseBytes=224 userAgent="…"`, with or
  /// without the blanks, which get lost when it is copied from the dashboard.
  private static func router(_ line: LogBytes) -> LogEntry? {
    guard let mark = line.index(of: "clientIP=\""), line.index(of: "requestID=\"", from: mark) != nil else {
      return nil
    }
    var entry = LogEntry()
    entry.form = .router
    entry.client = quoted(line, after: mark + 9)
    if let id = line.index(of: "requestID=\"", from: mark) { entry.id = quoted(line, after: id + 10) }
    if let agent = line.index(of: "userAgent=\"", from: mark) { entry.agent = quoted(line, after: agent + 10) }
    if let size = line.index(of: "responseBytes=", from: mark) {
      entry.bytes = line[(size + 14)...].prefix(while: \.isDigit).integer
    }
    var head = line[..<mark].trimmed
    if head.first == UInt8(ascii: "["), let close = head.index(of: UInt8(ascii: "]"), from: head.startIndex) {
      head = head[(close + 1)...].trimmed
      let status = head.prefix(3)
      if status.count == 3, let code = status.integer, (100..<600).contains(code) {
        entry.status = code
        head = head.dropFirst(3).trimmed
      }
    }
    if let slash = head.index(of: UInt8(ascii: "/"), from: head.startIndex) { entry.path = head[slash...] }
    return entry
  }

  /// Everything with the request in quotes: `"GET /path HTTP/1.1" 200`.
  private static func quotedRequest(_ line: LogBytes) -> LogEntry? {
    var from = line.startIndex
    while let open = line.index(of: UInt8(ascii: "\""), from: from) {
      if let request = request(line, at: open + 1) { return entry(line, open: open, request: request) }
      from = open + 1
    }
    return nil
  }

  /// `GET /path 200 5.123 ms - 512` (dev) and `GET /path 200 512 - 5.123 ms` (tiny).
  private static func morgan(_ line: LogBytes) -> LogEntry? {
    let words = line.split { $0.isBlank }
    guard words.count == 7 || words.count == 6, (3...10).contains(words[0].count), words[0].allSatisfy(\.isUpper),
      words[1].first == UInt8(ascii: "/"), words[2].count == 3, let status = words[2].integer,
      words.contains("ms".utf8.map(\.self)[...])
    else { return nil }
    var entry = LogEntry()
    entry.form = .morgan
    entry.path = words[1]
    entry.status = status
    entry.bytes = size(words[4] == [UInt8(ascii: "-")][...] ? words[3] : words[words.count - 1])
    return entry
  }

  /// The request's path and where its quote closes.
  private static func request(_ line: LogBytes, at start: Int) -> (path: LogBytes, close: Int)? {
    var index = start
    while index < line.endIndex, line[index].isUpper { index += 1 }
    guard (3...10).contains(index - start), index < line.endIndex, line[index] == UInt8(ascii: " "),
      let protocolMark = line.index(of: " HTTP/", from: index),
      let close = line.index(of: UInt8(ascii: "\""), from: protocolMark), close - protocolMark <= 10
    else { return nil }
    return (line[(index + 1)..<max(index + 1, protocolMark)], close)
  }

  private static func entry(_ line: LogBytes, open: Int, request: (path: LogBytes, close: Int)) -> LogEntry {
    var entry = LogEntry()
    entry.path = request.path
    let head = line[..<open].trimmed
    var tail = line[(request.close + 1)...].trimmed
    let status = tail.prefix(while: \.isDigit)
    entry.status = status.count == 3 ? status.integer : nil
    tail = tail.dropFirst(status.count).trimmed

    if let bracket = head.index(of: UInt8(ascii: "["), from: head.startIndex),
      let stamp = LogTime.common(head[(bracket + 1)...]) ?? LogTime.iso(head[(bracket + 1)...])
    {
      entry.seconds = stamp.seconds
      entry.hasZone = stamp.hasZone
      entry.zoneOffset = stamp.zoneOffset
      entry.client = head.prefix { !$0.isBlank }
      entry.bytes = size(tail.prefix { !$0.isBlank })
      readQuoted(tail, into: &entry)
      return entry
    }
    // `INFO: 127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK`, whatever stands in front.
    entry.form = .uvicorn
    let words = head.split { $0.isBlank }
    let address = words.last { $0 != [UInt8(ascii: "-")][...] } ?? []
    entry.client = withoutPort(address)
    return entry
  }

  /// Apache writes `-` where no bytes were sent.
  static func size(_ field: LogBytes) -> Int? {
    field == [UInt8(ascii: "-")][...] ? 0 : field.prefix(while: \.isDigit).integer
  }

  /// After the referer comes the User-Agent; one quoted text alone is taken for it. What a proxy was told of the
  /// visitor (`$http_x_forwarded_for`) may stand behind.
  private static func readQuoted(_ tail: LogBytes, into entry: inout LogEntry) {
    var texts: [LogBytes] = []
    var index = tail.startIndex
    while texts.count < 5, let open = tail.index(of: UInt8(ascii: "\""), from: index),
      let close = closingQuote(tail, from: open + 1)
    {
      texts.append(tail[(open + 1)..<close])
      index = close + 1
    }
    let agent = texts.prefix(2).last ?? []
    entry.agent = agent == [UInt8(ascii: "-")][...] ? [] : agent
    if let visitor = texts.dropFirst(2).lazy.compactMap(ClientAddress.first).first { entry.client = visitor }
  }

  private static func closingQuote(_ bytes: LogBytes, from start: Int) -> Int? {
    var index = start
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "\\") { index += 1 } else if bytes[index] == UInt8(ascii: "\"") { return index }
      index += 1
    }
    return nil
  }

  private static func quoted(_ line: LogBytes, after quote: Int) -> LogBytes {
    guard quote + 1 <= line.endIndex, let close = closingQuote(line, from: quote + 1) else { return [] }
    return line[(quote + 1)..<close]
  }

  /// `127.0.0.1:5000` and `[::1]:5000` without their port.
  static func withoutPort(_ address: LogBytes) -> LogBytes {
    guard let colon = address.lastIndex(of: UInt8(ascii: ":")), address[(colon + 1)...].integer != nil else {
      return address
    }
    let host = address[..<colon]
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") { return host.dropFirst().dropLast() }
    return host.contains(UInt8(ascii: ":")) ? address : host
  }
}

import Instants

/// Forms of keys and values.
extension LogLine {
  /// `[GET] 200 host/path clientIP="1.2.3.4" requestID="…" responseTimeMS=11 responseBytes=224 userAgent="…"`, with or
  /// without the blanks, which get lost when it is copied from the dashboard.
  static func router(_ line: LogBytes) -> LogEntry? {
    guard let mark = line.index(of: "clientIP=\""), let tokens = LogToken.all(line[mark...]) else { return nil }
    var entry = LogEntry()
    entry.form = .router
    var isRouter = false
    for case .pair(let key, let value) in tokens {
      if key.equals("clientIP") {
        guard entry.client.isEmpty, let address = ClientAddress.parse(value) else { return nil }
        entry.client = address
      } else if key.equals("requestID") {
        entry.id = value
        isRouter = true
      } else if key.equals("userAgent") {
        entry.agent = value.isDash ? [] : value.unquoted
      } else if key.equals("responseBytes") {
        entry.bytes = value.integer
      }
    }
    guard isRouter, !entry.client.isEmpty else { return nil }
    var head = line[line.startIndex..<mark].trimmed
    if head.isEmpty { return entry }
    guard head.first == UInt8(ascii: "["), let close = head.firstIndex(of: UInt8(ascii: "]")),
      RequestText.isMethod(head[(head.startIndex + 1)..<close])
    else { return nil }
    head = head[(close + 1)...].trimmed
    if let status = RequestText.status(head.prefix(3)) {
      entry.status = status
      head = head.dropFirst(3).trimmed
    }
    guard let slash = head.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    entry.path = head[slash...]
    return entry
  }

  /// logfmt: `at=info method=GET path="/" fwd="203.0.113.9" status=200 bytes=512` (Heroku's router),
  /// `time="…" level=info method=GET …`.
  /// - Source: Heroku Dev Center, “HTTP Routing”, “Heroku router log format”, 2026.
  static func pairs(_ line: LogBytes) -> LogEntry? {
    guard line.contains(UInt8(ascii: "=")), let tokens = LogToken.all(line) else { return nil }
    var fields = LogFields()
    for token in tokens {
      guard case .pair(let key, let value) = token else { return nil }
      fields.add(Array(key), value.unquoted, isText: true)
    }
    // A host's router, whose service may log the same request.
    let isRouter = fields.whole("fwd") != nil && fields.whole("dyno") != nil
    return request(of: fields, depth: 0, form: isRouter ? .router : .template)
  }
}

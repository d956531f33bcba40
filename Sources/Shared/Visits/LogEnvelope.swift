import Instants

/// What collectors of logs put in front of the line that a service printed.
struct LogEnvelope {
  var time: Instant?

  /// The outermost envelope and what is in it; nil where the line begins with none that is known.
  static func peel(_ line: LogBytes, isOutermost: Bool) -> (LogEnvelope, LogBytes)? {
    guard let first = line.first else { return nil }
    if first == UInt8(ascii: "<") || (first.isDigit && line.prefix(8).contains(UInt8(ascii: "<"))) {
      return syslog(line)
    }
    if first == UInt8(ascii: "[") { return bracketed(line) }
    var reader = InstantReader(line)
    _ = reader.weekday()
    if let time = reader.iso() { return behind(time, line[reader.index...]) }
    reader.index = line.startIndex
    if reader.syslog() {
      // `Nov 16 10:00:00 host tag[pid]: …`; which year it was nobody says.
      guard let rest = tagged(line[reader.index...].trimmed, hasHost: true) else { return nil }
      return (LogEnvelope(), rest)
    }
    if let time = reader.epoch(), reader.index < line.endIndex, line[reader.index].isBlank {
      return behind(time, line[reader.index...])
    }
    if reader.clock() != nil, reader.index < line.endIndex, line[reader.index].isBlank {
      return (LogEnvelope(), line[reader.index...])
    }
    // Between a time and a logger's name.
    if !isOutermost, line.hasPrefix("- "), !line.hasPrefix("- - "), !line.hasPrefix("- [") {
      return (LogEnvelope(), line.dropFirst(2))
    }
    return piped(line) ?? tag(line) ?? level(line, isOutermost: isOutermost)
  }

  /// `<34>1 2026-11-16T10:00:00Z host app proc id - message`, `<13>Nov 16 10:00:00 host tag: message`; a length may
  /// stand in front, as Heroku's drains send it.
  /// - Source: RFC 5424 §6, RFC 3164 §4.1, RFC 6587 §3.4.1.
  private static func syslog(_ line: LogBytes) -> (LogEnvelope, LogBytes)? {
    let digits = line.prefix(while: \.isDigit)
    var rest = line[digits.endIndex...]
    if !digits.isEmpty {
      guard rest.first == UInt8(ascii: " ") else { return nil }
      rest = rest.dropFirst()
    }
    guard rest.first == UInt8(ascii: "<"), let close = rest.prefix(6).firstIndex(of: UInt8(ascii: ">")),
      rest[(rest.startIndex + 1)..<close].integer != nil
    else { return nil }
    rest = rest[(close + 1)...]
    var reader = InstantReader(rest)
    if reader.syslog() { return tagged(rest[reader.index...].trimmed, hasHost: true).map { (LogEnvelope(), $0) } }
    guard rest.first?.isDigit == true, let blank = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    reader.index = blank + 1
    guard let time = reader.iso() else { return nil }
    var index = reader.index
    // Host, application, process, message id, structured data.
    for _ in 0..<4 {
      guard index + 1 < rest.endIndex, let next = rest.index(of: UInt8(ascii: " "), from: index + 1) else { return nil }
      index = next
    }
    var message = rest[index...].trimmed
    if message.first == UInt8(ascii: "["), let end = message.firstIndex(of: UInt8(ascii: "]")) {
      message = message[(end + 1)...]
    } else if message.first == UInt8(ascii: "-") {
      message = message.dropFirst()
    }
    return (LogEnvelope(time: time), message)
  }

  /// What stands behind a time: the container's stream (`stdout F`), Fly's `app[id] region [level]`, Heroku's
  /// `app[web.1]:`, syslog's `host tag[pid]:`, a path of a stream, a logger and a level, or the line itself.
  /// - Source: Kubernetes, “CRI container logging format”; `fly logs`, `heroku logs`, `journalctl -o short-iso`, 2026.
  private static func behind(_ time: Instant, _ rest: LogBytes) -> (LogEnvelope, LogBytes)? {
    guard let first = rest.first,
      first.isBlank || ((first == 0x2C || first == 0x3A) && rest.dropFirst().first?.isBlank == true)
    else { return nil }
    let envelope = LogEnvelope(time: time)
    var rest = rest
    if let mark = rest.first, !mark.isBlank { rest = rest.dropFirst() }
    rest = rest.drop(while: \.isBlank)
    if rest.hasPrefix("stdout ") || rest.hasPrefix("stderr ") {
      let flags = rest.dropFirst(7)
      // A part of a line that was split is no line.
      return flags.hasPrefix("F ") ? (envelope, flags.dropFirst(2)) : nil
    }
    if let fly = fly(rest) { return (envelope, fly) }
    if let tagged = tagged(rest, hasHost: nil) { return (envelope, tagged) }
    // `ecs/web/0123` and the like, as CloudWatch names its streams.
    if let word = rest.words.first, word.contains(UInt8(ascii: "/")), word.first?.isLetter == true,
      !word.contains(UInt8(ascii: "\"")), !word.contains(UInt8(ascii: "="))
    {
      return (envelope, rest[word.endIndex...])
    }
    return (envelope, rest)
  }

  /// `app[918540] iad [info]…`.
  private static func fly(_ rest: LogBytes) -> LogBytes? {
    guard let open = rest.firstIndex(of: UInt8(ascii: "[")), isName(rest[rest.startIndex..<open]),
      let close = rest.firstIndex(of: UInt8(ascii: "]")), close > open, isName(rest[(open + 1)..<close])
    else { return nil }
    let region = rest[(close + 1)...].trimmed
    guard let second = region.firstIndex(of: UInt8(ascii: "[")), region[region.startIndex..<second].words.count == 1,
      isName(region[region.startIndex..<second].trimmed), let end = region.firstIndex(of: UInt8(ascii: "]")),
      end > second, region[(second + 1)..<end].allSatisfy(\.isLetter)
    else { return nil }
    return region[(end + 1)...]
  }

  /// `host tag[pid]: …` or `tag[pid]: …`.
  /// - Parameter hasHost: nil where either may be.
  private static func tagged(_ rest: LogBytes, hasHost: Bool?) -> LogBytes? {
    if hasHost != true, let (_, rest) = tag(rest) { return rest }
    guard hasHost != false, let host = rest.words.first,
      host.allSatisfy({ $0.isLetter || $0.isDigit || "._-:".utf8.contains($0) }), host.last != UInt8(ascii: ":"),
      let (_, rest) = tag(rest[host.endIndex...].trimmed)
    else { return nil }
    return rest
  }

  /// `nginx: …`, `gunicorn[812]: …`, `app[web.1]: …`, `INFO:     …`.
  private static func tag(_ line: LogBytes) -> (LogEnvelope, LogBytes)? {
    guard line.first?.isLetter == true else { return nil }
    var index = line.startIndex
    while index < line.endIndex, line[index].isLetter || line[index].isDigit || "._-/".utf8.contains(line[index]) {
      index += 1
    }
    guard index - line.startIndex <= 128 else { return nil }
    if index < line.endIndex, line[index] == UInt8(ascii: "["),
      let close = line[index...].prefix(40).firstIndex(of: UInt8(ascii: "]"))
    {
      guard isName(line[(index + 1)..<close]) else { return nil }
      index = close + 1
    }
    guard index + 1 < line.endIndex, line[index] == UInt8(ascii: ":"), line[index + 1].isBlank else { return nil }
    return (LogEnvelope(), line[(index + 2)...])
  }

  /// `web_1  | …` of docker compose, `0|app  | …` of pm2.
  private static func piped(_ line: LogBytes) -> (LogEnvelope, LogBytes)? {
    guard let pipe = line.prefix(160).index(of: "| "), pipe > line.startIndex else { return nil }
    let name = line[line.startIndex..<pipe]
    guard name.words.count == 1,
      name.trimmed.allSatisfy({ $0.isLetter || $0.isDigit || "._-/|".utf8.contains($0) }), name.last?.isBlank == true,
      ClientAddress.parse(name.trimmed) == nil
    else { return nil }
    return (LogEnvelope(), line[(pipe + 2)...])
  }

  /// `[812] …`, `[INFO] …`, `[pod/web/app] …`, `[2026-11-16 10:00:00 +0000] …`, with a thread, a level or a logger behind
  /// the time.
  private static func bracketed(_ line: LogBytes) -> (LogEnvelope, LogBytes)? {
    guard let close = line.prefix(160).firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let inner = line[(line.startIndex + 1)..<close]
    let rest = line[(close + 1)...]
    var reader = InstantReader(inner)
    if let time = reader.iso() ?? reader.common() {
      let more = inner[reader.index...]
      guard more.isEmpty || more.first?.isBlank == true,
        more.allSatisfy({ $0.isBlank || $0.isLetter || $0.isDigit || ":._-#/".utf8.contains($0) })
      else { return nil }
      return (LogEnvelope(time: time), rest)
    }
    guard !inner.isEmpty, inner.count(where: { $0 == UInt8(ascii: ":") }) <= 1,
      ClientAddress.parse(inner.trimmed) == nil,
      inner.allSatisfy({ $0.isBlank || $0.isLetter || $0.isDigit || "._-/:#".utf8.contains($0) })
    else { return nil }
    return (LogEnvelope(), rest)
  }

  /// `INFO …`, `INFO - …`, `uvicorn.access - …`, `I, …` and `INFO -- : …` of Ruby's logger.
  private static func level(_ line: LogBytes, isOutermost: Bool) -> (LogEnvelope, LogBytes)? {
    guard let word = line.words.first else { return nil }
    let rest = line[word.endIndex...]
    if word.count == 2, word.last == UInt8(ascii: ","), word.first?.isUpper == true { return (LogEnvelope(), rest) }
    let isLevel = levels.contains { word.count == $0.utf8CodeUnitCount && Array(word.map(\.lowered))[...].equals($0) }
    if isLevel {
      let rest = rest.trimmed
      if rest.hasPrefix("-- : ") { return (LogEnvelope(), rest.dropFirst(5)) }
      return (LogEnvelope(), rest.hasPrefix("- ") ? rest.dropFirst(2) : rest)
    }
    // A logger's name with one dash behind, after a time; with two it would be somebody's in the common log format.
    guard !isOutermost, word.first?.isLetter == true, !rest.trimmed.hasPrefix("- - "), rest.trimmed.hasPrefix("- "),
      isName(word),
      !ClientAddress.isHostName(word) || word.index(of: "access") != nil
    else { return nil }
    return (LogEnvelope(), rest.trimmed.dropFirst(2))
  }

  private static let levels: [StaticString] = [
    "info", "debug", "notice", "warn", "warning", "error", "trace", "inf", "err", "log", "critical",
  ]

  private static func isName(_ text: LogBytes) -> Bool {
    !text.isEmpty && text.count <= 80 && text.allSatisfy { $0.isLetter || $0.isDigit || "._-/".utf8.contains($0) }
  }
}

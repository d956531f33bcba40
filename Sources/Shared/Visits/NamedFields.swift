import Instants

/// The fields of a log that names them itself: `#Fields: date time c-ip cs-method cs-uri-stem sc-status`.
///
/// Values stand between blanks (IIS) or tabs (CloudFront), as many as there are names: else a line is not read. Times are
/// in UTC.
/// - Source: W3C, “Extended Log File Format”, WD-logfile-960323; Microsoft, “W3C Logging” of IIS 10, 2026; Amazon CloudFront
///   developer guide, “Standard logging reference”, 2026.
struct NamedFields: Sendable {
  private enum Kind {
    case date, time, client, chain, method, stem, query, target, status, size, agent, id, other
  }

  private let kinds: [Kind]

  /// Nil for any other line.
  init?(directive line: LogBytes) {
    guard line.prefix(8).map(\.lowered)[...].equals("#fields:") else { return nil }
    kinds = line.dropFirst(8).words.map { Self.kind($0.map(\.lowered)[...]) }
  }

  private static func kind(_ name: LogBytes) -> Kind {
    for (known, kind) in names where name.equals(known) { return kind }
    return .other
  }

  private static let names: [(StaticString, Kind)] = [
    ("date", .date), ("time", .time), ("c-ip", .client), ("x-forwarded-for", .chain), ("cs(x-forwarded-for)", .chain),
    ("cs-method", .method), ("cs-uri-stem", .stem), ("cs-uri-query", .query), ("cs-uri", .target),
    ("sc-status", .status), ("sc-bytes", .size), ("cs(user-agent)", .agent), ("x-edge-request-id", .id),
  ]

  /// Nil for a line that doesn't fit, or lacks a method or a path.
  func read(_ line: LogBytes) -> LogEntry? {
    let isTabbed = line.contains(0x09)
    let values = isTabbed ? line.split(separator: 0x09, omittingEmptySubsequences: false) : line.words
    guard values.count == kinds.count, line.first != UInt8(ascii: "#") else { return nil }
    var entry = LogEntry()
    entry.form = .template
    var (day, clock): (LogBytes?, LogBytes?)
    var chain = ClientAddress.Chain.absent
    var hasMethod = false
    var query: LogBytes = []
    for (kind, value) in zip(kinds, values) {
      let value = isTabbed ? value.trimmed : value
      switch kind {
      case .other: break
      case .date: day = value
      case .time: clock = value
      case .method:
        guard RequestText.isMethod(value) else { return nil }
        hasMethod = true
      case .stem, .target:
        guard RequestText.isTarget(value) else { return nil }
        entry.path = value
      case .status:
        guard let status = value.integer else { return nil }
        entry.status = RequestText.status(value) ?? (status == 0 ? nil : status)
      case _ where value.isDash: break
      case .client:
        guard let address = ClientAddress.parse(value) else { return nil }
        if entry.client.isEmpty { entry.client = address }
      case .chain:
        chain = ClientAddress.chain(isTabbed ? Self.unescaped(value) : value)
        if chain == .malformed { return nil }
      case .query: query = value
      case .size:
        guard let size = value.integer else { return nil }
        entry.bytes = size
      case .agent: entry.agent = isTabbed ? Self.unescaped(value) : Self.spaced(value)
      case .id: entry.id = value
      }
    }
    guard hasMethod, !entry.path.isEmpty else { return nil }
    if !query.isEmpty { entry.path = (Array(entry.path) + [UInt8(ascii: "?")] + query)[...] }
    if case .visitor(let visitor) = chain { entry.client = visitor }
    guard let day, let clock else { return entry }
    var reader = InstantReader((Array(day) + [UInt8(ascii: "T")] + clock)[...])
    guard var time = reader.iso(), reader.index == reader.bytes.endIndex else { return nil }
    time.zoneOffset = 0
    entry.time = time
    return entry
  }

  /// IIS writes a `+` for each blank.
  private static func spaced(_ text: LogBytes) -> LogBytes { text.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }[...] }

  /// CloudFront writes `%20`, and `%2520` where the client had sent that.
  private static func unescaped(_ text: LogBytes) -> LogBytes {
    guard text.contains(UInt8(ascii: "%")) else { return text }
    var clean: [UInt8] = []
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex,
        let byte = UInt8(String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        clean.append(byte)
        index += 3
      } else {
        clean.append(text[index])
        index += 1
      }
    }
    return clean[...]
  }
}

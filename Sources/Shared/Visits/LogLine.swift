import Instants

/// Reads one line of any known form.
///
/// A line may carry envelopes: what a collector of logs put in front (`LogEnvelope`), or JSON with a message in it.
/// Within them stands a request in a form that is known from its first byte to where the client, the time and the request
/// are told: what does not fit as a whole is not read, so that nothing else is ever taken for the client.
package enum LogLine {
  private static let deepest = 8

  /// Nil for a line that tells of no request, or in no known form.
  package static func parse(_ line: LogBytes) -> LogEntry? { parse(line.trimmed, depth: 0) }

  /// Whether a line that could not be read speaks of a request all the same.
  package static func speaksOfRequest(_ line: LogBytes) -> Bool { RequestText.isSpokenOf(in: line) }

  static func parse(_ line: LogBytes, depth: Int) -> LogEntry? {
    let line = line.contains(0x1B) ? withoutColours(line).trimmed : line
    guard let first = line.first, depth < deepest else { return nil }
    if isJSON(line, first) { return json(line, depth: depth) }
    if let entry = form(line) { return entry }
    guard let (envelope, rest) = LogEnvelope.peel(line, isOutermost: depth == 0),
      var entry = parse(rest.trimmed, depth: depth + 1)
    else { return nil }
    // The request's own time is nearer to it than the envelope's.
    if entry.time == nil { entry.time = envelope.time }
    return entry
  }

  private static func isJSON(_ line: LogBytes, _ first: UInt8) -> Bool {
    if first == UInt8(ascii: "{") { return true }
    return first == UInt8(ascii: "[") && line.dropFirst().trimmed.first == UInt8(ascii: "{")
  }

  /// The request's own form, without any envelope.
  private static func form(_ line: LogBytes) -> LogEntry? {
    if line.contains(UInt8(ascii: "\"")) {
      if let entry = router(line) ?? bracketed(line) ?? unbracketed(line) ?? rails(line) { return entry }
    }
    return KnownForms.read(line) ?? pairs(line) ?? morgan(line)
  }

  /// Colour codes, which exports leave in, hide where a request begins: `ESC [ 1 ; 32 m`.
  /// - Source: ECMA-48 §8.3.117, SGR.
  private static func withoutColours(_ line: LogBytes) -> LogBytes {
    var clean: [UInt8] = []
    var index = line.startIndex
    while index < line.endIndex {
      if line[index] == 0x1B, index + 1 < line.endIndex, line[index + 1] == UInt8(ascii: "["),
        let end = line[(index + 2)...].firstIndex(where: { !$0.isDigit && $0 != UInt8(ascii: ";") }),
        line[end] == UInt8(ascii: "m")
      {
        index = end + 1
      } else {
        clean.append(line[index])
        index += 1
      }
    }
    return clean[...]
  }
}

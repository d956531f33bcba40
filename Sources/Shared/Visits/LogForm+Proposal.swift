import Instants

extension LogForm {
  /// The notation that would read a line which no known form fits; nil where a time, a client or a request isn't found.
  ///
  /// A guess to be looked at: the first time, the first public address (else the first), the first text that is a
  /// request.
  package static func proposal(for line: LogBytes) -> String? {
    let line = line.trimmed
    guard line.count <= 8_192 else { return nil }
    var parts: [Part] = []
    var index = line.startIndex
    while index < line.endIndex, parts.count < 96 {
      if line[index].isBlank {
        index += 1
        continue
      }
      parts.append(part(line, &index, isTimed: parts.contains { $0.isTime }))
    }
    guard parts.contains(where: \.isTime), name(&parts) else { return nil }
    // What tells nothing at the end is one variable.
    if let last = parts.lastIndex(where: { !$0.isIdle }), last + 1 < parts.count {
      parts.removeSubrange((last + 1)...)
      parts.append(Part(text: [], notation: "$_"))
    }
    let notation = parts.map(\.notation).joined(separator: " ")
    guard let form = try? LogForm(notation: notation), let entry = form.read(line), entry.time != nil,
      !entry.client.isEmpty
    else { return nil }
    return notation
  }

  private struct Part {
    var text: LogBytes
    var notation: String
    var isTime = false
    var isQuoted = false

    var isIdle: Bool { notation == "$_" || notation == "\"$_\"" }
  }

  private static func part(_ line: LogBytes, _ index: inout Int, isTimed: Bool) -> Part {
    var reader = InstantReader(line)
    let isBracketed = line[index] == UInt8(ascii: "[")
    reader.index = isBracketed ? index + 1 : index
    if !isTimed {
      let start = reader.index
      for (name, read) in [
        ("$time_local", { (reader: inout InstantReader) in reader.common() }),
        ("$time_iso8601", { (reader: inout InstantReader) in reader.iso() }),
        ("$msec", { (reader: inout InstantReader) in reader.epoch() }),
      ] {
        reader.index = start
        guard read(&reader) != nil else { continue }
        if isBracketed {
          guard reader.take(UInt8(ascii: "]")) else { continue }
        }
        guard reader.index == line.endIndex || line[reader.index].isBlank else { continue }
        index = reader.index
        return Part(text: [], notation: isBracketed ? "[\(name)]" : name, isTime: true)
      }
    }
    if line[index] == UInt8(ascii: "\""), let close = LogToken.closingQuote(line, from: index + 1) {
      let text = line[(index + 1)..<close]
      index = close + 1
      return Part(text: text, notation: "\"$_\"", isQuoted: true)
    }
    let end = line.index(ofBlankFrom: index) ?? line.endIndex
    let word = line[index..<end]
    index = end
    return Part(text: word, notation: "$_")
  }

  /// Says which parts are the request, the client, the User-Agent and the status.
  private static func name(_ parts: inout [Part]) -> Bool {
    func set(_ index: Int, _ name: String) { parts[index].notation = parts[index].isQuoted ? "\"\(name)\"" : name }
    var requestAt: Int
    if let index = parts.firstIndex(where: { $0.isQuoted && RequestText.target($0.text) != nil }) {
      set(index, "$request")
      requestAt = index
    } else if let method = parts.firstIndex(where: { RequestText.isMethod($0.text) }),
      let target = parts[method...].firstIndex(where: {
        RequestText.isTarget($0.text) && ClientAddress.parse($0.text) == nil
      })
    {
      set(method, "$request_method")
      set(target, "$request_uri")
      requestAt = target
    } else {
      return false
    }
    let addresses = parts.indices.filter { parts[$0].isIdle && ClientAddress.parse(parts[$0].text) != nil }
    guard
      let client = addresses.first(where: {
        ClientAddress.parse(parts[$0].text).map { !ClientAddress.isPrivate($0) } ?? false
      })
        ?? addresses.first
    else { return false }
    set(client, "$remote_addr")
    if let agent = parts.indices.first(where: { parts[$0].isIdle && parts[$0].text.hasPrefix("Mozilla/") }) {
      set(agent, "$http_user_agent")
    }
    func isStatus(_ index: Int) -> Bool {
      parts[index].isIdle && (RequestText.status(parts[index].text).map { known.contains($0) } ?? false)
    }
    if let status = parts.indices[requestAt...].first(where: isStatus)
      ?? parts.indices[..<requestAt].first(where: isStatus)
    {
      set(status, "$status")
    }
    return true
  }

  /// - Source: IANA, “HTTP Status Code Registry”, 2026; 499 nginx's, 520 to 526 Cloudflare's.
  private static let known = Set(
    [100, 101, 103, 226, 499] + Array(200...208) + Array(300...308) + Array(400...418) + Array(421...429)
      + [431, 451] + Array(500...511) + Array(520...526))
}

/// The scalars of one JSON object with their paths (`request.remote_ip`), for log lines: no tree, no numbers parsed
/// that nobody reads, bounded in depth and count.
struct FlatJSON {
  private(set) var entries: [(path: [UInt8], value: LogBytes, isText: Bool)] = []
  private var bytes: LogBytes
  private var index: Int
  private static let maxDepth = 8
  private static let maxFields = 128

  /// Nil for anything but one object, spaces around it aside.
  init?(_ line: LogBytes) {
    bytes = line.trimmed
    index = bytes.startIndex
    guard object(path: [], depth: 0), index == bytes.endIndex else { return nil }
  }

  var fields: LogFields {
    var fields = LogFields()
    for entry in entries { fields.add(entry.path, entry.value, isText: entry.isText) }
    return fields
  }

  private mutating func skipSpace() {
    while index < bytes.endIndex, bytes[index].isBlank || bytes[index] == 0x0A { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.endIndex, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func object(path: [UInt8], depth: Int) -> Bool {
    guard depth < Self.maxDepth, take(UInt8(ascii: "{")) else { return false }
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      skipSpace()
      guard let key = string(), key.count <= 256, take(UInt8(ascii: ":")) else { return false }
      let inner = path.isEmpty ? Array(key) : path + [UInt8(ascii: ".")] + key
      guard value(path: inner, depth: depth + 1) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  private mutating func value(path: [UInt8], depth: Int) -> Bool {
    skipSpace()
    guard index < bytes.endIndex else { return false }
    switch bytes[index] {
    case UInt8(ascii: "{"): return object(path: path, depth: depth)
    case UInt8(ascii: "["): return list(path: path, depth: depth)
    case UInt8(ascii: "\""):
      guard let text = string() else { return false }
      add(path, text, isText: true)
      return true
    default:
      let start = index
      while index < bytes.endIndex, !Self.ends(bytes[index]) { index += 1 }
      guard Self.isScalar(bytes[start..<index]) else { return false }
      add(path, bytes[start..<index], isText: false)
      return true
    }
  }

  /// Of a list of scalars the first counts; a list of `{"name": …, "value": …}` counts as a mapping.
  private mutating func list(path: [UInt8], depth: Int) -> Bool {
    guard depth < Self.maxDepth, take(UInt8(ascii: "[")) else { return false }
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      let before = entries.count
      guard value(path: path, depth: depth + 1) else { return false }
      name(from: before, path: path)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private mutating func name(from start: Int, path: [UInt8]) {
    let added = entries[start...]
    let prefix = path.count + 1
    guard added.count == 2, let name = added.first(where: { $0.path.dropFirst(prefix).elementsEqual("name".utf8) }),
      let value = added.first(where: { $0.path.dropFirst(prefix).elementsEqual("value".utf8) })
    else { return }
    entries.removeSubrange(start...)
    add(path + [UInt8(ascii: ".")] + name.value, value.value, isText: value.isText)
  }

  private mutating func add(_ path: [UInt8], _ value: LogBytes, isText: Bool) {
    guard entries.count < Self.maxFields else { return }
    entries.append((path, value, isText))
  }

  private static func isScalar(_ text: LogBytes) -> Bool {
    guard let first = text.first else { return false }
    if text.equals("true") || text.equals("false") || text.equals("null") { return true }
    return (first.isDigit || first == UInt8(ascii: "-")) && text.allSatisfy { $0.isDigit || "+-.eE".utf8.contains($0) }
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte.isBlank || byte == 0x0A
  }

  /// The text within quotes; escapes are undone where there are any.
  private mutating func string() -> LogBytes? {
    guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") else { return nil }
    index += 1
    let start = index
    var hasEscapes = false
    while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        hasEscapes = true
        index += 1
      }
      index += 1
    }
    guard index < bytes.endIndex else { return nil }
    let raw = bytes[start..<index]
    index += 1
    return hasEscapes ? Self.unescaped(raw)[...] : raw
  }

  private static func unescaped(_ raw: LogBytes) -> [UInt8] {
    var result: [UInt8] = []
    var index = raw.startIndex
    while index < raw.endIndex {
      let byte = raw[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < raw.endIndex else {
        result.append(byte)
        continue
      }
      let escape = raw[index]
      index += 1
      switch escape {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
        result.append(0x20)
      case UInt8(ascii: "u"):
        guard index + 4 <= raw.endIndex,
          let code = UInt32(String(decoding: raw[index..<(index + 4)], as: UTF8.self), radix: 16)
        else { continue }
        index += 4
        // Control characters go but the one that begins a colour code; half a pair becomes the replacement character.
        if code >= 0x20 || code == 0x1B { result += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8) }
      default: result.append(escape)
      }
    }
    return result
  }
}

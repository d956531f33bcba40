import Foundation

/// JSON as its bytes and where in them each value lies, so that a copy with one part changed costs no more than copying.
struct JSONText {
  enum Change {
    /// Takes a member out of its object.
    case remove
    /// Puts another value in its place.
    case set(Data)
    /// Puts a member more into an object.
    case add(Data)
  }

  struct Node {
    /// `steps.0.name`.
    var path: String
    var value: Range<Int>
    /// With its key and a comma; nil for what is no object's member.
    var member: Range<Int>?
    var isObject: Bool
    var isEmpty: Bool
  }

  /// Every value, but of arrays only the first.
  private(set) var nodes: [Node] = []
  private let bytes: [UInt8]
  private var at = 0

  /// Nil for what is no JSON. Within strings nothing is looked at but their end.
  init?(_ data: Data) {
    bytes = Array(data)
    guard read(""), skipSpace() == nil else { return nil }
  }

  /// Nil where the change does not apply.
  func changed(at node: Node, _ change: Change) -> Data? {
    switch change {
    case .remove: return node.member.map { replacing($0, with: Data()) }
    case .set(let value): return replacing(node.value, with: value)
    case .add(let member):
      guard node.isObject else { return nil }
      let start = node.value.lowerBound + 1
      return replacing(start..<start, with: node.isEmpty ? member : member + Data(",".utf8))
    }
  }

  private func replacing(_ range: Range<Int>, with other: Data) -> Data {
    var data = Data(capacity: bytes.count + other.count)
    data.append(contentsOf: bytes[..<range.lowerBound])
    data.append(other)
    data.append(contentsOf: bytes[range.upperBound...])
    return data
  }

  // MARK: Reading

  /// The next byte that is no white space; nil at the end.
  private mutating func skipSpace() -> UInt8? {
    while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
    return at < bytes.count ? bytes[at] : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    guard skipSpace() == character.asciiValue else { return false }
    at += 1
    return true
  }

  /// Reads a value and, unless `path` is nil, keeps where it is.
  private mutating func read(_ path: String?) -> Bool {
    guard let first = skipSpace() else { return false }
    let begin = at
    let index = nodes.count
    if let path {
      nodes.append(
        Node(
          path: path, value: begin..<begin, member: nil, isObject: first == UInt8(ascii: "{"), isEmpty: false))
    }
    func below(_ name: String) -> String? { path.map { $0.isEmpty ? name : "\($0).\(name)" } }
    var isEmpty = false
    switch first {
    case UInt8(ascii: "{"):
      at += 1
      isEmpty = skipSpace() == UInt8(ascii: "}")
      var members: [(node: Int, range: Range<Int>)] = []
      while !isEmpty {
        _ = skipSpace()
        let keyStart = at
        guard let key = readString(), take(":") else { return false }
        let node = nodes.count
        guard read(below(key)) else { return false }
        members.append((node, keyStart..<at))
        guard take(",") else { break }
      }
      guard take("}") else { return false }
      if path != nil {
        for (position, member) in members.enumerated() {
          // With the comma behind it, or that before the last one.
          let isLast = position == members.count - 1
          let lower = isLast && position > 0 ? members[position - 1].range.upperBound : member.range.lowerBound
          let upper = isLast ? member.range.upperBound : members[position + 1].range.lowerBound
          nodes[member.node].member = lower..<upper
        }
      }
    case UInt8(ascii: "["):
      at += 1
      isEmpty = skipSpace() == UInt8(ascii: "]")
      var position = 0
      while !isEmpty {
        guard read(position == 0 ? below("0") : nil) else { return false }
        position += 1
        guard take(",") else { break }
      }
      guard take("]") else { return false }
    case UInt8(ascii: "\""):
      guard readString() != nil else { return false }
    default:
      while at < bytes.count, !",]} \n\r\t".utf8.contains(bytes[at]) { at += 1 }
      guard at > begin else { return false }
    }
    if path != nil {
      nodes[index].value = begin..<at
      nodes[index].isEmpty = isEmpty
    }
    return true
  }

  private mutating func readString() -> String? {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
    let start = at + 1
    at = start
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    guard at < bytes.count else { return nil }
    at += 1
    return String(decoding: bytes[start..<(at - 1)], as: UTF8.self)
  }
}

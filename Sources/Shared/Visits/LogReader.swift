/// Reads a log's lines one after the other, where one says how to read those behind it, or a request takes several.
///
/// - Fields that a `#Fields` line names (`NamedFields`) are read by it, until another does.
/// - Objects of JSON are read over several lines, and of several in one, such as a list: each is a request or none.
package struct LogReader: Sendable {
  /// What became of a line, or of an object of JSON.
  package enum Reading: Sendable {
    case request(LogEntry)
    /// It tells of no request, or in no known form.
    case refused
    /// It is no line of the log's own: a directive, or part of what is read further down.
    case nothing
    case objects([(text: LogBytes, entry: LogEntry?)])
  }

  private let format: LogForm?
  private var fields: NamedFields?
  private var objects = ObjectSplitter()

  /// - Parameter format: how all lines are to be read, whatever they look like.
  package init(format: LogForm? = nil) { self.format = format }

  package mutating func read(_ line: LogBytes) -> Reading {
    if let format { return format.read(line).map { .request($0) } ?? (Self.isDirective(line) ? .nothing : .refused) }
    if !objects.isEmpty { return continued(line) }
    if let entry = fields?.read(line) { return .request(entry) }
    if let entry = LogLine.parse(line) { return .request(entry) }
    let line = line.trimmed
    if Self.isDirective(line) {
      if let named = NamedFields(directive: line) { fields = named }
      return .nothing
    }
    guard ObjectSplitter.begins(line) else { return .refused }
    return split(line)
  }

  /// What the log breaks off in; nil where it ends with a line.
  package mutating func finish() -> LogBytes? {
    defer { self = LogReader(format: format) }
    return objects.isEmpty ? nil : objects.pending[...]
  }

  /// A whole request in a line of its own, with its time or its client, ends an object that was never closed.
  private mutating func continued(_ line: LogBytes) -> Reading {
    guard line.first?.isBlank == false, let entry = fields?.read(line) ?? LogLine.parse(line),
      entry.time != nil || !entry.client.isEmpty
    else { return split(line) }
    let broken = objects.pending[...]
    objects = ObjectSplitter()
    return .objects([(broken, nil), (line, entry)])
  }

  private mutating func split(_ line: LogBytes) -> Reading {
    guard let found = objects.take(line) else {
      let broken = objects.pending + line
      objects = ObjectSplitter()
      return .objects([(broken[...], nil)])
    }
    return found.isEmpty ? .nothing : .objects(found.map { ($0, LogLine.parse($0)) })
  }

  private static func isDirective(_ line: LogBytes) -> Bool { line.first == UInt8(ascii: "#") }
}

/// Takes objects of JSON out of lines, however they are broken; what stands between them are a list's brackets and commas.
struct ObjectSplitter: Sendable {
  /// What was read of an object that has not ended.
  private(set) var pending: [UInt8] = []
  private var depth = 0
  private var isInText = false
  private var isEscaped = false
  /// As long as a line may be.
  private static let longest = 64 << 10

  var isEmpty: Bool { pending.isEmpty }

  static func begins(_ line: LogBytes) -> Bool {
    line.first.map { "{[],".utf8.contains($0) } ?? false
  }

  /// The objects that end in a line; nil for what is none, and for one that is too long.
  mutating func take(_ line: LogBytes) -> [LogBytes]? {
    var found: [LogBytes] = []
    var start = line.startIndex
    for index in line.indices {
      let byte = line[index]
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "{"):
        if depth == 0 { start = index }
        depth += 1
      case UInt8(ascii: "[") where depth > 0: depth += 1
      case UInt8(ascii: "]") where depth > 1, UInt8(ascii: "}") where depth > 0:
        depth -= 1
        guard depth == 0 else { continue }
        found.append(pending.isEmpty ? line[start...index] : (pending + line[start...index])[...])
        pending = []
      case UInt8(ascii: "\"") where depth > 0: isInText = true
      case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","): break
      default: guard depth > 0 || byte.isBlank else { return nil }
      }
    }
    // A text doesn't go on in another line.
    guard !isInText else { return nil }
    if depth > 0 {
      pending += line[start...]
      pending.append(UInt8(ascii: " "))
    }
    return pending.count <= Self.longest ? found : nil
  }
}

// By libyaml's events, not by a composer: those recurse without a bound and hash expanded aliases as keys, which a
// hostile file turns into a crash or a hang; events do neither, and their marks are exact.
import CYaml

/// Reads one YAML 1.1/1.2 document, or a JSON text, into nodes that know their place.
///
/// Refused: anything but UTF-8, anchors and aliases, tags, several documents, keys that are not scalars, duplicate
/// keys, and whatever exceeds `Limits`.
package struct DocumentReader: Sendable {
  package struct Limits: Sendable {
    package var bytes = 1 << 20
    package var depth = 64
    package var nodes = 100_000

    package init() {}
  }

  package var limits: Limits

  package init(limits: Limits = Limits()) { self.limits = limits }

  /// - Parameter file: what messages call it.
  /// - Throws: `DocumentError` code `.tooLarge` or `.malformed`.
  package func read(bytes: [UInt8], file: String) throws(DocumentError) -> DocumentNode {
    guard bytes.count <= limits.bytes else {
      throw DocumentError(
        .tooLarge, file: file,
        problems: [.init(at: nil, "larger than this reader takes", expected: "at most \(limits.bytes >> 10) KiB")])
    }
    if let position = firstInvalidUTF8(bytes) {
      throw malformed("bytes that are not UTF-8", "a text in UTF-8", position, file)
    }
    let parser = EventParser(bytes)
    return try compose(parser, file)
  }

  /// - Throws: `DocumentError` code `.tooLarge` or `.malformed`.
  package func read(text: String, file: String) throws(DocumentError) -> DocumentNode {
    try read(bytes: Array(text.utf8), file: file)
  }

  /// A list or mapping that is still open.
  private struct Frame {
    var position: DocumentPosition
    var isMapping: Bool
    var list: [DocumentNode] = []
    var entries: [DocumentEntry] = []
    var key: (text: String, position: DocumentPosition)?
    var seen: [String: DocumentPosition] = [:]
  }

  private func compose(_ parser: EventParser, _ file: String) throws(DocumentError) -> DocumentNode {
    var stack: [Frame] = []
    var root: DocumentNode?
    var nodes = 0

    while true {
      let event: EventParser.Event
      do {
        event = try parser.next()
      } catch {
        throw malformed("malformed YAML: \(error.problem)", error.context ?? "", error.position, file)
      }
      nodes += 1
      guard nodes <= limits.nodes else {
        throw DocumentError(
          .tooLarge, file: file,
          problems: [.init(at: event.position, "too many values", expected: "at most \(limits.nodes)")])
      }
      if let refused = event.refused {
        throw malformed(refused.what, refused.expected, event.position, file)
      }

      let finished: DocumentNode
      switch event.kind {
      case .other:
        continue
      case .documentStart:
        guard root == nil else {
          throw malformed("a second document", "one document in the file", event.position, file)
        }
        continue
      case .streamEnd:
        guard let root else {
          throw malformed("an empty file", "a document", DocumentPosition(line: 1, column: 1), file)
        }
        return root
      case .listStart, .mappingStart:
        guard stack.count < limits.depth else {
          throw malformed("nested too deeply", "at most \(limits.depth) levels", event.position, file)
        }
        if let frame = stack.last, frame.isMapping, frame.key == nil {
          throw malformed("a list or mapping as a key", "a word as a key", event.position, file)
        }
        stack.append(Frame(position: event.position, isMapping: event.kind == .mappingStart))
        continue
      case .scalar(let scalar):
        if let top = stack.indices.last, stack[top].isMapping, stack[top].key == nil {
          if let first = stack[top].seen[scalar.text] {
            throw malformed(
              "duplicate key '\(scalar.text.excerpt)'", "each key once (the first is on line \(first.line))",
              event.position, file)
          }
          stack[top].seen[scalar.text] = event.position
          stack[top].key = (scalar.text, event.position)
          continue
        }
        finished = DocumentNode(.scalar(scalar), at: event.position)
      case .containerEnd:
        guard let frame = stack.popLast() else { continue }
        finished = DocumentNode(frame.isMapping ? .mapping(frame.entries) : .list(frame.list), at: frame.position)
      }

      guard let top = stack.indices.last else {
        root = finished
        continue
      }
      if let key = stack[top].key {
        stack[top].entries.append(DocumentEntry(key: key.text, keyPosition: key.position, value: finished))
        stack[top].key = nil
      } else {
        stack[top].list.append(finished)
      }
    }
  }

  private func malformed(
    _ what: String, _ expected: String, _ position: DocumentPosition, _ file: String
  ) -> DocumentError {
    DocumentError(.malformed, file: file, problems: [.init(at: position, what, expected: expected)])
  }

  private func firstInvalidUTF8(_ bytes: [UInt8]) -> DocumentPosition? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var position = DocumentPosition(line: 1, column: 1)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      position = scalar == "\n" ? DocumentPosition(line: position.line + 1, column: 1) : position.advanced(by: 1)
    }
    return position
  }
}

/// libyaml's event stream. It keeps a pointer to itself and to the text, hence the two allocations that never move.
private final class EventParser {
  struct Event {
    var kind: Kind
    var position: DocumentPosition
    /// Set for what this reader does not take.
    var refused: (what: String, expected: String)?
  }

  enum Kind: Equatable {
    case documentStart, listStart, mappingStart, containerEnd, streamEnd, other
    case scalar(DocumentScalar)
  }

  struct Failure: Error {
    var problem: String
    var context: String?
    var position: DocumentPosition
  }

  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    text = .allocate(capacity: bytes.count)
    _ = text.initialize(from: bytes)
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    text.deallocate()
  }

  func next() throws(Failure) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }
    let mark = event.start_mark
    var result = Event(
      kind: .other, position: DocumentPosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1))

    switch event.type {
    case YAML_DOCUMENT_START_EVENT:
      result.kind = .documentStart
    case YAML_STREAM_END_EVENT:
      result.kind = .streamEnd
    case YAML_ALIAS_EVENT:
      result.refused = ("an alias", "the value written out: aliases are not read")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      result.kind = .scalar(
        DocumentScalar(text: String(decoding: bytes, as: UTF8.self), style: Self.style(scalar.style)))
      result.refused = Self.refusal(anchor: scalar.anchor, tag: scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .listStart
      result.refused = Self.refusal(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      result.refused = Self.refusal(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      result.kind = .containerEnd
    default:
      break
    }
    return result
  }

  private static func style(_ style: yaml_scalar_style_t) -> DocumentScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
    default: .plain
    }
  }

  private static func refusal(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?
  ) -> (what: String, expected: String)? {
    if anchor != nil { return ("an anchor", "the value without it: aliases are not read") }
    if tag != nil { return ("a tag", "the value without it") }
    return nil
  }

  private func failure() -> Failure {
    let state = parser.pointee
    var position = DocumentPosition(
      line: Int(state.problem_mark.line) + 1, column: Int(state.problem_mark.column) + 1)
    if state.error == YAML_READER_ERROR {
      let before = text.prefix(Int(state.problem_offset))
      let line = before.count(where: { $0 == UInt8(ascii: "\n") }) + 1
      let lineText = before.reversed().prefix { $0 != UInt8(ascii: "\n") }
      position = DocumentPosition(line: line, column: lineText.count(where: { $0 & 0xC0 != 0x80 }) + 1)
    }
    return Failure(
      problem: state.problem.map { String(cString: $0) } ?? "unreadable",
      context: state.context.map { "well-formed YAML (\(String(cString: $0)))" },
      position: position)
  }
}

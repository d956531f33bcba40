import BenchEngine
import Documents
import Foundation

/// The values that a description gives for its schemas.
struct OpenAPIValues {
  let root: DocumentNode
  private let effort = Effort()
  private static let deepest = 20
  /// Schemas of which one is to hold a value, or all are to be met.
  private static let mostAlternatives = 200

  /// How much is looked at for one value: schemas refer to themselves, and to several that refer to others.
  private final class Effort {
    private var left = 0
    func begin() { left = 5_000 }
    /// False once it is spent: then nothing is found.
    func spend() -> Bool {
      left -= 1
      return left > 0
    }
  }

  indirect enum Value {
    /// A scalar; a plain one is a number, a boolean or null in JSON.
    case text(String, isPlain: Bool = false)
    case list([Value])
    case object([(name: String, value: Value)])

    /// In a place that knows no structure.
    var plain: String {
      switch self {
      case .text(let text, _): text
      case .list(let items): items.map(\.plain).joined(separator: ",")
      case .object(let fields): fields.flatMap { [$0.name, $0.value.plain] }.joined(separator: ",")
      }
    }
  }

  /// Follows `$ref: '#/…'`; a reference that leads out of the file stays. Source: RFC 6901 §4 for the escapes.
  func resolved(_ node: DocumentNode) -> DocumentNode {
    var node = node
    for _ in 0..<Self.deepest {
      guard let reference = node["$ref"]?.scalar?.text, reference.hasPrefix("#/") else { return node }
      var target: DocumentNode? = root
      for part in reference.dropFirst(2).split(separator: "/") {
        let plain = String(part).removingPercentEncoding ?? String(part)
        target = target?[plain.replacing("~1", with: "/").replacing("~0", with: "~")]
      }
      guard let target else { return node }
      node = target
    }
    return node
  }

  /// What stands in the file as a value.
  func value(_ node: DocumentNode) -> Value {
    switch node.content {
    case .scalar(let scalar):
      .text(scalar.text, isPlain: scalar.isNull || scalar.boolean != nil || scalar.number != nil)
    case .list(let nodes): .list(nodes.map(value))
    case .mapping(let entries): .object(entries.map { ($0.key, value($0.value)) })
    }
  }

  /// What a parameter or a media type gives as an example.
  func example(of holder: DocumentNode) -> Value? {
    if let node = holder["example"], !node.isNull { return value(node) }
    guard let first = holder["examples"]?.entries.first.map({ resolved($0.value) }) else { return nil }
    return first["value"].map(value)
  }

  /// What a schema says by itself, the first of its alternatives included.
  func given(by schema: DocumentNode) -> Value? {
    var seen: Set<DocumentPosition> = []
    return given(by: schema, &seen)
  }

  /// - Parameter seen: where nothing was found, or is being looked for.
  private func given(by schema: DocumentNode, _ seen: inout Set<DocumentPosition>) -> Value? {
    let schema = resolved(schema)
    guard seen.count < Self.mostAlternatives, seen.insert(schema.position).inserted else { return nil }
    if let node = schema["example"] ?? schema["const"] ?? schema["examples"]?.items.first ?? schema["default"],
      !node.isNull
    {
      return value(node)
    }
    for alternative in alternatives(of: schema) {
      if let value = given(by: alternative, &seen) { return value }
    }
    return nil
  }

  /// A value of which no part is made up: given, the first of an enumeration, or fields and items that are.
  func whole(_ schema: DocumentNode) -> Value? {
    effort.begin()
    return whole(schema, depth: 0)
  }

  private func whole(_ schema: DocumentNode, depth: Int) -> Value? {
    let schema = resolved(schema)
    guard depth < Self.deepest, effort.spend() else { return nil }
    if let value = given(by: schema) ?? enumeration(schema) { return value }
    if let items = schema["items"] { return whole(items, depth: depth + 1).map { .list([$0]) } }
    var fields: [(name: String, value: Value)] = []
    let all = parts(of: schema)
    let required = Set(all.flatMap { $0["required"]?.items.compactMap { $0.scalar?.text } ?? [] })
    for property in all.flatMap({ $0["properties"]?.entries ?? [] }) {
      guard resolved(property.value)["readOnly"]?.scalar?.boolean != true else { continue }
      let isRequired = required.contains(property.key)
      let value = isRequired ? whole(property.value, depth: depth + 1) : given(by: property.value)
      guard value != nil || !isRequired else { return nil }
      if let value { fields.append((property.key, value)) }
    }
    guard fields.isEmpty else { return .object(fields) }
    let choices = (schema["oneOf"]?.items ?? []) + (schema["anyOf"]?.items ?? [])
    return choices.lazy.compactMap { whole($0, depth: depth + 1) }.first
  }

  /// Something of a schema's type, for what must be there; nil where nothing can be told to fit.
  func stand(in schema: DocumentNode) -> Value? {
    effort.begin()
    return stand(in: schema, depth: 0)
  }

  private func stand(in schema: DocumentNode, depth: Int) -> Value? {
    let schema = resolved(schema)
    guard depth < Self.deepest, effort.spend(), schema["$ref"] == nil else { return nil }
    if let value = given(by: schema) ?? enumeration(schema) { return value }
    let own = alternatives(of: schema).first { resolved($0)["type"]?.scalar?.text != "null" }
    let types = schema["type"].map { $0.items.isEmpty ? [$0] : $0.items }?.compactMap { $0.scalar?.text } ?? []
    switch types.first(where: { $0 != "null" }) {
    case "integer", "number": return number(schema)
    case "boolean": return .text("true", isPlain: true)
    case "array":
      guard let items = schema["items"], let item = stand(in: items, depth: depth + 1) else { return nil }
      let least = schema["minItems"]?.scalar?.number ?? 1
      guard least <= 100 else { return nil }
      return .list(Array(repeating: item, count: Int(max(1, least).rounded(.up))))
    case "object": return whole(schema, depth: depth + 1)
    case nil where own != nil: return own.flatMap { stand(in: $0, depth: depth + 1) }
    case nil where schema["items"] != nil || schema["properties"] != nil: return whole(schema, depth: depth + 1)
    default: return text(schema)
    }
  }

  private func enumeration(_ schema: DocumentNode) -> Value? {
    var seen: Set<DocumentPosition> = []
    return enumeration(schema, &seen)
  }

  private func enumeration(_ schema: DocumentNode, _ seen: inout Set<DocumentPosition>) -> Value? {
    guard seen.count < Self.mostAlternatives, seen.insert(schema.position).inserted else { return nil }
    if let first = schema["enum"]?.items.first(where: { !$0.isNull }) { return value(first) }
    for alternative in alternatives(of: schema) {
      if let value = enumeration(resolved(alternative), &seen) { return value }
    }
    return nil
  }

  private func alternatives(of schema: DocumentNode) -> [DocumentNode] {
    ["allOf", "oneOf", "anyOf"].flatMap { schema[$0]?.items ?? [] }
  }

  /// The schema and what `allOf` adds to it.
  private func parts(of schema: DocumentNode) -> [DocumentNode] {
    var parts: [DocumentNode] = []
    var seen: Set<DocumentPosition> = []
    func add(_ schema: DocumentNode) {
      guard seen.count < Self.mostAlternatives, seen.insert(schema.position).inserted else { return }
      parts.append(schema)
      for part in schema["allOf"]?.items ?? [] { add(resolved(part)) }
    }
    add(schema)
    return parts
  }

  private func number(_ schema: DocumentNode) -> Value? {
    func bound(_ key: String) -> Double? { schema[key]?.scalar?.number }
    let step = bound("multipleOf") ?? 1
    var low = bound("minimum")
    // A number from 3.1 on, a switch before.
    if let above = bound("exclusiveMinimum") { low = above + step }
    if schema["exclusiveMinimum"]?.scalar?.boolean == true { low = low.map { $0 + step } }
    var value = low ?? 1
    if let high = bound("maximum") ?? bound("exclusiveMaximum"), value > high { value = low == nil ? high - 1 : high }
    if step > 0, step != 1 { value = (value / step).rounded(.up) * step }
    return value.isFinite ? .text(value.plain, isPlain: true) : nil
  }

  /// Of its format and length.
  private func text(_ schema: DocumentNode) -> Value? {
    guard schema["pattern"] == nil else { return nil }
    var text =
      switch schema["format"]?.scalar?.text {
      case "date": "2026-01-01"
      case "date-time": "2026-01-01T00:00:00Z"
      case "time": "00:00:00Z"
      case "uuid": "00000000-0000-4000-8000-000000000001"
      case "email": "name@example.com"
      case "uri", "url": "https://example.com/"
      case "hostname": "example.com"
      case "ipv4": "192.0.2.1"
      case "ipv6": "2001:db8::1"
      case "byte": "dGV4dA=="
      default: "text"
      }
    if let least = schema["minLength"]?.scalar?.number, Double(text.count) < least, least <= 1_000 {
      text += String(repeating: "x", count: Int(least) - text.count)
    }
    if let most = schema["maxLength"]?.scalar?.number, most >= 0, Double(text.count) > most {
      text = String(text.prefix(Int(most)))
    }
    return .text(text)
  }

  // MARK: JSON

  func json(_ value: Value) -> String { String(decoding: JSONBody.literal(node(value)), as: UTF8.self) }

  /// A text that holds the JSON of a schema that is none is that JSON.
  func jsonBody(_ value: Value, schema: DocumentNode?) -> String {
    if case .text(let text, false) = value, let first = text.first(where: { !$0.isWhitespace }), "{[".contains(first),
      schema.map({ resolved($0)["type"]?.scalar?.text }) != "string"
    {
      return text
    }
    return json(value)
  }

  private func node(_ value: Value) -> DocumentNode {
    let place = DocumentPosition(line: 1, column: 1)
    return switch value {
    case .text(let text, let isPlain):
      DocumentNode(.scalar(DocumentScalar(text: text, style: isPlain ? .plain : .quoted)), at: place)
    case .list(let items): DocumentNode(.list(items.map(node)), at: place)
    case .object(let fields):
      DocumentNode(
        .mapping(fields.map { DocumentEntry(key: $0.name, keyPosition: place, value: node($0.value)) }), at: place)
    }
  }
}

import BenchEngine
import Documents
import Matching
import Wording

extension ScenarioDecoder {
  private static let checkKeys = ["status", "json", "body_contains", "body_matches", "header", "size", "duration"]

  mutating func checks(_ node: DocumentNode) -> [CheckTemplate] {
    guard let mapping = node.mapping(allowing: Self.checkKeys, &problems) else { return [] }
    var checks: [CheckTemplate] = []
    if let node = mapping["status"], let ranges = statuses(node) { checks.append(CheckTemplate(kind: .status(ranges))) }
    if let pairs = mapping["header"]?.mapping(&problems) {
      checks += pairs.entries.compactMap { headerCheck($0) }
    }
    if let pairs = mapping["json"]?.mapping(&problems) {
      checks += pairs.entries.compactMap { jsonCheck($0) }
    }
    if let node = mapping["body_contains"] {
      for node in node.oneOrMore {
        guard let text = template(node) else { continue }
        if text.literal == "" { problems.add("an empty text", expected: "what the body holds", at: node.position) }
        checks.append(CheckTemplate(kind: .bodyContains(text)))
      }
    }
    if let node = mapping["body_matches"] {
      checks += node.oneOrMore.compactMap { node in regex(node).map { CheckTemplate(kind: .bodyMatches($0)) } }
    }
    if let node = mapping["size"] {
      checks +=
        bound(node, "a size such as '< 100KB' or '> 0'", read: ByteText.parse)
        .map { [CheckTemplate(kind: .size($0.comparison, $0.value, text: $0.text))] } ?? []
    }
    if let node = mapping["duration"] {
      let read = { (text: Substring) in DurationText.parse(text).map { Double($0.nanosecondCount) } }
      checks +=
        bound(node, "a time such as '< 500ms'", read: read)
        .map { [CheckTemplate(kind: .duration($0.comparison, $0.value, text: $0.text))] } ?? []
    }
    return checks
  }

  mutating func regex(_ node: DocumentNode) -> BoundedRegex? {
    guard let text = node.string(&problems, expected: "a regular expression") else { return nil }
    do {
      return try BoundedRegex(text)
    } catch {
      problems.add(
        "the regular expression '\(text.excerpt)'", expected: "\(error.expected) at its byte \(error.offset + 1)",
        at: node.position)
      return nil
    }
  }

  mutating func jsonPath(_ text: String, at position: DocumentPosition?) -> JSONPath? {
    do {
      return try JSONPath.parse(text)
    } catch {
      problems.add(
        "the JSON path '\(text.excerpt)'", expected: "\(error.expected) at its character \(error.offset + 1)",
        at: position)
      return nil
    }
  }

  private mutating func statuses(_ node: DocumentNode) -> [StatusRange]? {
    let nodes = node.oneOrMore
    guard !nodes.isEmpty else { return node.mismatch("at least one status", &problems) }
    let ranges = nodes.compactMap { node -> StatusRange? in
      node.scalar.flatMap { StatusRange.parse($0.text) }
        ?? node.mismatch("a status such as 200, a range such as 200..299, or a list of them", &problems)
    }
    return ranges.count == nodes.count ? ranges : nil
  }

  private mutating func jsonCheck(_ entry: DocumentEntry) -> CheckTemplate? {
    guard let path = jsonPath(entry.key, at: entry.keyPosition), let (expected, isText) = expectation(entry.value)
    else { return nil }
    return CheckTemplate(kind: .json(path, pathText: entry.key, expected: expected, isText: isText))
  }

  private mutating func headerCheck(_ entry: DocumentEntry) -> CheckTemplate? {
    guard RequestRenderer.isToken(entry.key) else {
      problems.add(
        "the header '\(entry.key.excerpt)'", expected: "a name of letters, digits and '-'", at: entry.keyPosition)
      return nil
    }
    guard let (expected, isText) = expectation(entry.value) else { return nil }
    return CheckTemplate(kind: .header(entry.key, expected: expected, isText: isText))
  }

  /// A value, `exists`, or a comparison.
  private mutating func expectation(_ node: DocumentNode) -> (Template, isText: Bool)? {
    guard let scalar = node.scalar else {
      return node.mismatch("a value, 'exists', or a comparison such as '> 0'", &problems)
    }
    let expected = Template(scalar, at: node.position, &problems)
    let isText = scalar.style != .plain
    if let literal = expected.literal, CheckExpression.parse(literal, isText: isText) == nil {
      return node.mismatch("a number after the comparison, such as '> 0'", &problems)
    }
    return (expected, isText)
  }

  /// `< 500ms`, `>= 10`; without a comparison the value itself.
  private mutating func bound(
    _ node: DocumentNode, _ expected: String, read: (Substring) -> Double?
  ) -> (comparison: Comparison, value: Double, text: String)? {
    guard let text = node.scalar?.text else { return node.mismatch(expected, &problems) }
    let found = Comparison.leading(text[...])
    let rest = (found?.rest ?? text[...]).drop { $0 == " " }
    guard let value = read(rest) else { return node.mismatch(expected, &problems) }
    return (found?.comparison ?? .equal, value, "\(found?.comparison.rawValue ?? "is") \(rest)")
  }
}

extension DocumentNode {
  /// A list's nodes, or this one.
  var oneOrMore: [DocumentNode] {
    guard case .list(let list) = content else { return [self] }
    return list
  }
}

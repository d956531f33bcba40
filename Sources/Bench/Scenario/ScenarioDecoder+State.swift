import BenchEngine
import BenchVerdict
import Documents
import Matching
import Wording

/// What users know and send besides the request itself: data, captures, credentials.
extension ScenarioDecoder {
  private static let captureKeys = ["json", "regex", "header", "cookie"]

  mutating func data(_ node: DocumentNode) -> [Scenario.DataSource] {
    guard let mapping = node.mapping(&problems) else { return [] }
    return mapping.entries.compactMap { entry in
      guard isOwnName(entry, "data's name") else { return nil }
      guard let keys = entry.value.mapping(allowing: ["file", "order"], &problems) else { return nil }
      let orders = FeedPlan.Order.allCases.map(\.rawValue)
      let order = keys["order"].map { $0.choice(of: orders, &problems) } ?? "sequential"
      let fileNode = keys.required("file", &problems)
      guard let fileNode, let file = fileName(fileNode), let order = order.flatMap(FeedPlan.Order.init) else {
        return nil
      }
      return Scenario.DataSource(name: entry.key, file: file, position: fileNode.position, order: order)
    }
  }

  mutating func fileName(_ node: DocumentNode) -> String? {
    guard let text = node.string(&problems, expected: "a file's name") else { return nil }
    return text.isEmpty ? node.mismatch("a file's name", &problems) : text
  }

  /// `token: $.token`, or one of json, regex, header and cookie.
  mutating func captures(_ node: DocumentNode) -> [Scenario.Capture] {
    guard let mapping = node.mapping(&problems) else { return [] }
    return mapping.entries.compactMap { entry in
      guard isOwnName(entry, "a captured value's name") else { return nil }
      var isOptional = false
      var value = entry.value
      if case .mapping(var entries) = value.content, let index = entries.firstIndex(where: { $0.key == "optional" }) {
        isOptional = entries[index].value.boolean(&problems) ?? false
        entries.remove(at: index)
        value.content = .mapping(entries)
      }
      guard let source = captureSource(value) else { return nil }
      return Scenario.Capture(
        name: entry.key, position: entry.keyPosition, source: source, isOptional: isOptional)
    }
  }

  private mutating func captureSource(_ node: DocumentNode) -> CapturePlan.Source? {
    if let scalar = node.scalar, !scalar.isNull {
      return jsonPath(scalar.text, at: node.position).map { .json($0) }
    }
    guard let mapping = node.mapping(allowing: Self.captureKeys, &problems) else { return nil }
    guard let entry = mapping.entries.first, mapping.entries.count == 1 else {
      return node.mismatch("one of \(Spelling.alternatives(Self.captureKeys))", &problems)
    }
    switch entry.key {
    case "regex": return regex(entry.value).map { .regex($0) }
    case "json":
      guard let text = entry.value.string(&problems, expected: "a JSON path") else { return nil }
      return jsonPath(text, at: entry.value.position).map { .json($0) }
    default:
      guard let name = entry.value.string(&problems, expected: "a \(entry.key)'s name") else { return nil }
      guard RequestRenderer.isToken(name) else {
        return entry.value.mismatch("a name of letters, digits and '-'", &problems)
      }
      return entry.key == "header" ? .header(Array(name.lowercased().utf8)) : .cookie(Array(name.utf8))
    }
  }

  /// `basic: { user, password }` or `bearer: token`.
  mutating func credentials(_ node: DocumentNode) -> Scenario.Credentials? {
    guard let mapping = node.mapping(allowing: ["basic", "bearer"], &problems) else { return nil }
    switch (mapping["basic"], mapping["bearer"]) {
    case (let basic?, nil):
      guard let keys = basic.mapping(allowing: ["user", "password"], &problems) else { return nil }
      let user = keys.required("user", &problems).flatMap { template($0) }
      let password = keys.required("password", &problems).flatMap { template($0) }
      guard let user, let password else { return nil }
      return .basic(user: user, password: password)
    case (nil, let token?): return template(token).map { .bearer($0) }
    default: return node.mismatch("either 'basic' or 'bearer'", &problems)
    }
  }

  /// A mapping of names and texts, of which `form` is made.
  mutating func fields(_ node: DocumentNode) -> [Scenario.Field]? {
    guard let mapping = node.mapping(&problems) else { return nil }
    return mapping.entries.compactMap { entry in
      template(entry.value).map { Scenario.Field(name: entry.key, value: $0) }
    }
  }

  /// A name to a text, or to `{ file, type }`.
  mutating func parts(_ node: DocumentNode) -> [Scenario.Part]? {
    guard let mapping = node.mapping(&problems) else { return nil }
    guard !mapping.entries.isEmpty else { return node.mismatch("at least one part", &problems) }
    return mapping.entries.flatMap { entry -> [Scenario.Part] in
      guard case .list(let nodes) = entry.value.content else { return part(entry, entry.value).map { [$0] } ?? [] }
      // Several parts of one name.
      guard (1...100).contains(nodes.count) else {
        problems.add("a list of \(nodes.count)", expected: "1 to 100 parts", at: entry.value.position)
        return []
      }
      return nodes.compactMap { part(entry, $0) }
    }
  }

  private mutating func part(_ entry: DocumentEntry, _ node: DocumentNode) -> Scenario.Part? {
    guard case .mapping = node.content else {
      return template(node).map { Scenario.Part(name: entry.key, content: .text($0), position: entry.keyPosition) }
    }
    guard let keys = node.mapping(allowing: ["file", "text", "type", "filename"], &problems) else { return nil }
    let type = keys["type"].flatMap { template($0) }
    let fileName = keys["filename"].flatMap { template($0) }
    if let text = keys["text"] {
      if let entry = keys.entry("file") {
        problems.add("both 'text' and 'file'", expected: "one of them", at: entry.keyPosition)
      }
      return template(text).map {
        Scenario.Part(name: entry.key, content: .text($0), position: entry.keyPosition, type: type, fileName: fileName)
      }
    }
    guard let name = keys.required("file", &problems).flatMap({ self.fileName($0) }) else { return nil }
    return Scenario.Part(
      name: entry.key, content: .file(name), position: entry.keyPosition,
      type: type ?? Template(literal: "application/octet-stream"), fileName: fileName)
  }

  /// `"{{token}}"`, `"not {{token}}"`, `"{{role}} == admin"`, `"{{left}} > 0"`.
  mutating func condition(_ node: DocumentNode) -> Scenario.Condition? {
    let expected = "a condition such as '{{token}}', 'not {{token}}', '{{role}} == admin' or '{{left}} > 0'"
    guard let whole = node.scalar?.text else { return node.mismatch(expected, &problems) }
    let isNegated = whole.hasPrefix("not ")
    let text = isNegated ? String(whole.dropFirst(4).drop { $0 == " " }) : whole
    guard text.hasPrefix("{{"), let close = text.firstRange(of: "}}") else {
      return node.mismatch(expected, &problems)
    }
    let scalar = DocumentScalar(text: String(text[..<close.upperBound]), style: node.scalar?.style ?? .plain)
    let subject = Template(scalar, at: node.position, &problems)
    let rest = text[close.upperBound...]
    guard let test = isNegated ? Self.negated(rest) : Self.test(rest) else {
      return node.mismatch(expected, &problems)
    }
    return Scenario.Condition(subject: subject, position: node.position, test: test)
  }

  private static func negated(_ rest: Substring) -> StepCondition.Test? {
    rest.allSatisfy { $0 == " " } ? .isNotSet : nil
  }

  /// What follows the value: nothing, or a comparison.
  private static func test(_ text: Substring) -> StepCondition.Test? {
    let rest = text.drop { $0 == " " }
    if rest.isEmpty { return .isSet }
    let word = "contains "
    if text.first == " ", rest.hasPrefix(word) {
      let part = rest.dropFirst(word.count).drop { $0 == " " }
      return part.isEmpty ? nil : .contains(Array(part.utf8))
    }
    guard let (comparison, after) = Comparison.leading(rest) else { return nil }
    let operand = after.drop { $0 == " " }
    guard !operand.isEmpty else { return nil }
    switch comparison {
    case .equal: return .equals(Array(operand.utf8))
    case .notEqual: return .differs(Array(operand.utf8))
    default:
      var digits = operand
      while digits.last == " " { digits.removeLast() }
      guard let number = JSONNumeral(digits.utf8) else { return nil }
      return .compares(comparison, number)
    }
  }

  /// `{kind: read}`: the author's words for budgets to select by.
  mutating func tags(_ node: DocumentNode) -> [String: String] {
    guard let mapping = node.mapping(&problems) else { return [:] }
    if mapping.entries.count > Scenario.Bounds.tags {
      problems.add("\(mapping.entries.count) tags", expected: "at most \(Scenario.Bounds.tags)", at: node.position)
    }
    var tags: [String: String] = [:]
    for entry in mapping.entries {
      let isWord = Placeholder.isWord(entry.key) && entry.key.first?.isNumber == false
      if !isWord || MetricSelector.ownedTags.contains(entry.key) {
        problems.add(
          "'\(entry.key.excerpt)' as a tag",
          expected: "letters, digits and '_', and none of \(MetricSelector.ownedTags.joined(separator: ", "))",
          at: entry.keyPosition)
      }
      tags[entry.key] = entry.value.name(without: Self.reservedInNames, &problems)
    }
    return tags
  }

  private mutating func isOwnName(_ entry: DocumentEntry, _ what: String) -> Bool {
    if Template.isVariableName(entry.key) { return true }
    problems.add(
      "'\(entry.key.excerpt)' as \(what)",
      expected: "letters, digits and '_', and none of \(Placeholder.reserved.sorted().joined(separator: ", "))",
      at: entry.keyPosition)
    return false
  }
}

import Documents
import ProvisionBlueprint

/// What an entry of `envVars` may hold. Source: Render's JSON Schema for render.yaml, read 2026.
enum VariableShape {
  static let sources = ["value", "generateValue", "sync", "fromDatabase", "fromService"]
  private static let fields = ["key", "previewValue", "fromGroup"] + sources
  /// What is there besides a source from elsewhere.
  private static let companions = [
    "fromDatabase": ["key"], "fromService": ["key"], "fromGroup": [],
  ]

  /// The first thing that is wrong with it.
  /// - Parameter isShared: of a group, which takes nothing from elsewhere.
  static func breach(_ variable: BlueprintItem, isShared: Bool) -> LintRule.Breach? {
    if let entry = variable.entries.first(where: { !fields.contains($0.key) }) {
      return LintRule.Breach(
        "the unknown field '\(entry.key.excerpt)' on a variable",
        "use \(LintRule.nearest(entry.key, fields)), or take it out", at: entry.keyPosition)
    }
    if variable.entry("key") == nil, variable.entry("fromGroup") == nil {
      return LintRule.Breach("a variable without a key", "add key: or fromGroup:", at: variable.position)
    }
    if isShared, let entry = variable.entries.first(where: { $0.key.hasPrefix("from") }) {
      return LintRule.Breach(
        "\(entry.key) in a group of variables", "write it at the services: a group has values only",
        at: entry.keyPosition)
    }
    if let entry = variable.entry("value") {
      if entry.value.isNull {
        return LintRule.Breach("an empty value", "write a text or a number, or sync: false", at: entry.keyPosition)
      }
      if entry.value.scalar?.boolean != nil {
        return LintRule.Breach(
          "a boolean as the value of a variable", "quote it: a value is a text or a number", at: entry.value.position,
          fix: TextEdit(quoting: entry.value).map { [$0] } ?? [])
      }
      if entry.value.scalar == nil {
        return LintRule.Breach("a value that is not a text", "write one text or number", at: entry.value.position)
      }
    }
    let given = variable.entries.filter { sources.contains($0.key) || $0.key == "fromGroup" }
    if given.count > 1, let first = given.first(where: { $0.key == "value" }) ?? given.first,
      let other = given.first(where: { $0.key != first.key })
    {
      return LintRule.Breach(
        "both \(first.key) and \(other.key) on a variable", "keep one of them", at: other.keyPosition)
    }
    for (source, allowed) in companions.sorted(by: { $0.key < $1.key }) where variable.entry(source) != nil {
      guard let other = variable.entries.first(where: { $0.key != source && !allowed.contains($0.key) }) else {
        continue
      }
      return LintRule.Breach(
        "\(other.key) beside \(source) on a variable", "take it out: \(source) says all", at: other.keyPosition)
    }
    return nil
  }
}

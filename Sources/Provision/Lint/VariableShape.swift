import Documents
import ProvisionBlueprint

/// What an entry of `envVars` may hold. Source: Render's JSON Schema for render.yaml, read 2026.
enum VariableShape {
  static let sources = ["value", "generateValue", "sync", "fromDatabase", "fromService"]
  private static let fields = ["key", "previewValue", "fromGroup"] + sources

  /// The first thing that is wrong with it.
  static func breach(_ variable: BlueprintItem) -> LintRule.Breach? {
    if let entry = variable.entries.first(where: { !fields.contains($0.key) }) {
      return LintRule.Breach(
        "the unknown field '\(entry.key.excerpt)' on a variable",
        "use \(LintRule.nearest(entry.key, fields)), or take it out", at: entry.keyPosition)
    }
    if variable.entry("key") == nil, variable.entry("fromGroup") == nil {
      return LintRule.Breach("a variable without a key", "add key: or fromGroup:", at: variable.position)
    }
    guard let value = variable.entry("value") else { return nil }
    if value.value.scalar?.boolean != nil {
      return LintRule.Breach(
        "a boolean as the value of a variable", "quote it: a value is a text or a number", at: value.value.position)
    }
    if value.value.scalar == nil {
      return LintRule.Breach("a value that is not a text", "write one text or number", at: value.value.position)
    }
    if let other = variable.entries.first(where: { $0.key.hasPrefix("from") }) {
      return LintRule.Breach(
        "both value and \(other.key) on a variable", "keep one of them", at: other.keyPosition)
    }
    return nil
  }
}

import Documents
import ProvisionBlueprint

extension LintRule {
  /// What fields hold, at every depth.
  static let valueRules: [LintRule] = [
    LintRule("field-value", .error, "a field's value has the type, the bounds and the words that Render takes") {
      outline, _ in breaches(outline, .value)
    },
    LintRule("inner-field-missing", .error, "what a field within a field needs is there") { outline, _ in
      breaches(outline, .missing)
        + outline.services.compactMap { service in
          guard let filter = service.item("buildFilter"), filter.entry("paths") == nil,
            filter.entry("ignoredPaths") == nil
          else { return nil }
          return Breach("a buildFilter without paths", "add paths: or ignoredPaths:", at: filter.position)
        }
    },
    LintRule("inner-field-unknown", .error, "a field within a field is one of Render's") { outline, _ in
      breaches(outline, .unknown)
    },
    LintRule("build-source", .error, "what a build source says is not said again at the service") { outline, _ in
      let own = [
        "runtime", "repo", "branch", "image", "registryCredential", "buildCommand", "buildFilter", "dockerContext",
        "dockerfilePath", "previews", "pullRequestPreviewsEnabled", "previewPlan",
      ]
      return outline.services.filter { $0.entry("buildSource") != nil }.flatMap { service in
        service.entries.filter { own.contains($0.key) }.map {
          Breach("\($0.key) beside buildSource on \(service.name)", "take it out", at: $0.keyPosition)
        }
      }
    },
  ]

  private static func breaches(_ outline: BlueprintOutline, _ kind: BlueprintShape.Kind) -> [Breach] {
    func node(_ item: BlueprintItem) -> DocumentNode { DocumentNode(.mapping(item.entries), at: item.position) }
    var found: [(kind: BlueprintShape.Kind, breach: Breach)] = []
    if let file = outline.file { found += BlueprintShape.file.breaches(node(file), "the blueprint") }
    for service in outline.services {
      if let shape = BlueprintShape.service(service) {
        found += shape.breaches(node(service), "service \(service.name)")
      }
    }
    for database in outline.databases {
      found += BlueprintShape.database.breaches(node(database), "database \(database.name)")
    }
    for group in outline.groups { found += BlueprintShape.group.breaches(node(group), "group \(group.name)") }
    return found.filter { $0.kind == kind }.map(\.breach)
  }
}

package import Documents

/// A blueprint's services, databases and groups, wherever the file keeps them.
package struct BlueprintOutline {
  package private(set) var services: [BlueprintItem] = []
  package private(set) var databases: [BlueprintItem] = []
  package private(set) var groups: [BlueprintItem] = []
  /// Where the first of each name is: a file may have thousands that refer to each other.
  private var serviceIndices: [String: Int] = [:]
  private var databaseIndices: [String: Int] = [:]
  private var groupIndices: [String: Int] = [:]
  /// The whole file, where it is a mapping.
  package var file: BlueprintItem?
  /// What is not shaped as a blueprint is: what, what to do, where.
  package var misshapen: [(what: String, remedy: String, position: DocumentPosition)] = []

  /// Source: the root-level fields of render.com/docs/blueprint-spec, read 2025-12-03, and its JSON Schema of 2026.
  private static let rootKeys = [
    "services", "databases", "envVarGroups", "projects", "ungrouped", "previews", "previewsEnabled",
    "previewsExpireAfterDays", "buildSources", "version",
  ]

  package init(_ root: DocumentNode) {
    guard let file = BlueprintItem(root) else {
      misshapen.append(("no blueprint", "write a mapping with services and databases", root.position))
      return
    }
    self.file = file
    for entry in file.entries where !Self.rootKeys.contains(entry.key) {
      misshapen.append(
        (
          "the unknown field '\(entry.key.excerpt)'",
          "use \(RenderVocabulary.expected(for: entry.key, among: Self.rootKeys)), or take it out", entry.keyPosition
        ))
    }
    collect(file)
    if let ungrouped = file.item("ungrouped") { collect(ungrouped) }
    for project in file.items("projects") {
      for environment in project.items("environments") { collect(environment) }
    }
    serviceIndices = Self.indices(services)
    databaseIndices = Self.indices(databases)
    groupIndices = Self.indices(groups)
  }

  private mutating func collect(_ owner: BlueprintItem) {
    services += list("services", of: owner)
    databases += list("databases", of: owner)
    groups += list("envVarGroups", of: owner)
  }

  private mutating func list(_ key: String, of owner: BlueprintItem) -> [BlueprintItem] {
    guard let node = owner.entry(key)?.value else { return [] }
    guard case .list(let nodes) = node.content else {
      misshapen.append(("'\(key)' is not a list", "write a list, each entry with '-'", node.position))
      return []
    }
    return nodes.compactMap { node in
      if let item = BlueprintItem(node) { return item }
      misshapen.append(("an entry of '\(key)' is not a mapping", "write its fields as key: value", node.position))
      return nil
    }
  }

  private static func indices(_ items: [BlueprintItem]) -> [String: Int] {
    let named = items.enumerated().compactMap { index, item in item.text("name").map { ($0.text, index) } }
    return Dictionary(named) { first, _ in first }
  }

  package func database(_ name: String) -> BlueprintItem? { databaseIndices[name].map { databases[$0] } }
  package func service(_ name: String) -> BlueprintItem? { serviceIndices[name].map { services[$0] } }
  package func group(_ name: String) -> BlueprintItem? { groupIndices[name].map { groups[$0] } }
}

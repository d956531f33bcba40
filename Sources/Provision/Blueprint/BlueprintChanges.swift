package import Documents

/// What applying one blueprint in the place of another changes, and what of it Render can't change in place.
///
/// Source: blueprint reference (2025-12-03): "You can't modify this value after creation", and what is kept when left out.
package struct BlueprintChanges: Sendable {
  package var changes: [Change]

  /// One service, database or group.
  package struct Change: Sendable, Equatable {
    /// `+`, `-` or `~`.
    package var sign: String
    /// Such as `web doctor-schedule-oregon`.
    package var name: String
    package var fields: [Field]
  }

  package struct Field: Sendable, Equatable {
    /// `plan: free → starter`.
    package var text: String
    /// Why Render can't do it in place, and what to do; nil where it can.
    package var obstacle: String?
  }

  package var hasObstacle: Bool { changes.contains { $0.fields.contains { $0.obstacle != nil } } }

  package init(from old: DocumentNode, to new: DocumentNode) {
    let (old, new) = (BlueprintOutline(old), BlueprintOutline(new))
    changes =
      Self.compare(old.services, new.services) { $0.type.isEmpty ? "service" : $0.type.excerpt }
      + Self.compare(old.databases, new.databases) { _ in "database" }
      + Self.compare(old.groups, new.groups) { _ in "group" }
  }

  private static func compare(
    _ old: [BlueprintItem], _ new: [BlueprintItem], _ kind: (BlueprintItem) -> String
  ) -> [Change] {
    func byName(_ items: [BlueprintItem]) -> [String: BlueprintItem] {
      Dictionary(items.compactMap { item in item.text("name").map { ($0.text, item) } }) { first, _ in first }
    }
    let (before, after) = (byName(old), byName(new))
    var seen: Set<String> = []
    return (new + old).compactMap { item in
      guard let name = item.text("name")?.text, seen.insert(name).inserted else { return nil }
      let title = "\(kind(item)) \(name.excerpt)"
      switch (before[name], after[name]) {
      case (nil, _): return Change(sign: "+", name: title, fields: [])
      case (_, nil): return Change(sign: "-", name: title, fields: [])
      case (let earlier?, let later?):
        let fields = fields(from: earlier, to: later)
        return fields.isEmpty ? nil : Change(sign: "~", name: title, fields: fields)
      }
    }
  }

  private static func fields(from old: BlueprintItem, to new: BlueprintItem) -> [Field] {
    let isDatabase = old.entry("type") == nil
    let (before, after) = (values(old, isDatabase), values(new, isDatabase))
    var keys: [String] = []
    var seen: Set<String> = []
    for key in (after + before).map(\.key) where seen.insert(key).inserted { keys.append(key) }
    let (first, second) = (
      Dictionary(before, uniquingKeysWith: { one, _ in one }), Dictionary(after, uniquingKeysWith: { one, _ in one })
    )
    return keys.compactMap { key in
      guard first[key] != second[key] else { return nil }
      // What variables hold may be secret.
      if key.hasPrefix("variable ") {
        return Field(
          text: key
            + (first[key] == nil ? " is new" : second[key] == nil ? " is left out: Render keeps it" : " changes"))
      }
      return Field(
        text: "\(key): \(first[key]?.excerpt ?? "–") → \(second[key]?.excerpt ?? "–")",
        obstacle: obstacle(key, first[key], second[key], isDatabase))
    }
  }

  private static let fixed: Set<String> = ["type", "runtime", "region"]
  private static let fixedOfDatabases: Set<String> = ["region", "postgresMajorVersion", "databaseName", "user"]

  private static func obstacle(_ key: String, _ old: String?, _ new: String?, _ isDatabase: Bool) -> String? {
    if (isDatabase ? fixedOfDatabases : fixed).contains(key), old != nil, new != nil {
      return isDatabase
        ? "can't be changed: make a second database under another name, move the data, then take this one out"
        : "can't be changed: make a second service under another name, then take this one out"
    }
    if ["diskSizeGB", "disk.sizeGB"].contains(key), let old = old.flatMap(Int.init), let new = new.flatMap(Int.init),
      new < old
    {
      return "a disk never shrinks: keep \(old), or move the data to a new one"
    }
    if isDatabase, key == "plan", let new, let old, RenderVocabulary.legacyDatabasePlans[new] != nil,
      RenderVocabulary.legacyDatabasePlans[old] == nil
    {
      return "a database can't go back to a legacy plan"
    }
    return nil
  }

  /// Every value by its path, with what stands for a field that is left out, so that saying it changes nothing.
  private static func values(_ item: BlueprintItem, _ isDatabase: Bool) -> [(key: String, value: String)] {
    var found: [(key: String, value: String)] = []
    for entry in item.entries where entry.key != "name" {
      if entry.key == "envVars" {
        for variable in item.items("envVars") {
          let name = variable.text("key") ?? variable.text("fromGroup")
          found.append(("variable \(name?.text.excerpt ?? "")", Self.flat(variable.entries)))
        }
      } else {
        found += flat(entry.key == "env" ? "runtime" : entry.key, entry.value)
      }
    }
    if item.entry("region") == nil, !item.isStaticSite, isDatabase || !item.type.isEmpty {
      found.append(("region", "oregon"))
    }
    return found
  }

  private static func flat(_ key: String, _ node: DocumentNode) -> [(key: String, value: String)] {
    switch node.content {
    case .scalar(let scalar): [(key, scalar.text)]
    case .list(let nodes):
      [(key, nodes.map { flat("", $0).map { "\($0.key)=\($0.value)" }.joined(separator: " ") }.joined(separator: ", "))]
    case .mapping(let entries): entries.flatMap { flat("\(key).\($0.key)", $0.value) }
    }
  }

  private static func flat(_ entries: [DocumentEntry]) -> String {
    entries.flatMap { flat($0.key, $0.value) }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
  }

  // MARK: For people

  package func text() -> [String] {
    guard !changes.isEmpty else { return ["nothing changes"] }
    return changes.flatMap { change in
      ["\(change.sign) \(change.name)"]
        + change.fields.flatMap { field in
          ["    \(field.text)"] + (field.obstacle.map { ["      ! \($0)"] } ?? [])
        }
    }
  }
}

import Documents
import ProvisionBlueprint

extension LintRule {
  /// What variables take from elsewhere.
  static let referenceRules: [LintRule] = [
    LintRule("other-region", .error, "an internal address is used in its own region only") { outline, _ in
      outline.services.flatMap { service in
        service.items("envVars").compactMap { variable -> Breach? in
          guard let (owner, reference) = internalReference(variable, outline), owner.region != service.region else {
            return nil
          }
          let isDatabase = variable.entry("fromDatabase") != nil
          return Breach(
            "\(service.name) in \(service.region) refers to the internal address of \(owner.name) in \(owner.region): "
              + "the private network ends at the region",
            isDatabase
              ? "write sync: false, and give it the database's external URL in the dashboard"
              : "use its public address, or move one of them", at: reference)
        }
      }
    },
    LintRule("unknown-reference", .warning, "what a variable refers to is in the file") { outline, _ in
      (outline.services + outline.groups).flatMap { owner in
        owner.items("envVars").compactMap { variable -> Breach? in
          let found: (kind: String, name: Placed, isKnown: Bool)?
          if let name = variable.item("fromDatabase")?.text("name") {
            found = ("database", name, outline.database(name.text) != nil)
          } else if let name = variable.item("fromService")?.text("name") {
            found = ("service", name, outline.service(name.text) != nil)
          } else if let name = variable.text("fromGroup") {
            found = ("group", name, outline.group(name.text) != nil)
          } else {
            found = nil
          }
          guard let found, !found.isKnown else { return nil }
          return Breach(
            "the \(found.kind) '\(found.name.text.excerpt)' is not in this file",
            "correct the name; otherwise it must exist in the workspace already", at: found.name.position)
        }
      }
    },
    LintRule("reference-type", .error, "a reference names the type that its service has") { outline, _ in
      references(outline).compactMap { _, reference, owner in
        guard let stated = reference.text("type"), RenderVocabulary.serviceTypes.contains(owner.type),
          stated.text != owner.type, !(stated.text == "static" && owner.isStaticSite),
          !(owner.isKeyValue && ["keyvalue", "redis"].contains(stated.text))
        else { return nil }
        return Breach(
          "type: \(stated.text.excerpt) for \(owner.name), which is a \(owner.type)", "write type: \(owner.type)",
          at: stated.position, fix: TextEdit(plain: node("type", reference), owner.type).map { [$0] } ?? [])
      }
    },
    LintRule("reference-property", .error, "a reference takes one thing, which its service has") { outline, _ in
      outline.services.flatMap { service in
        service.items("envVars").compactMap { variable -> Breach? in
          guard let reference = variable.item("fromService") else { return nil }
          let property = reference.text("property")
          if let property, reference.entry("envVarKey") != nil {
            return Breach("both property and envVarKey in fromService", "keep one of them", at: property.position)
          }
          guard let property else {
            return reference.entry("envVarKey") != nil
              ? nil
              : Breach(
                "fromService without what to take", "add property: such as hostport, or envVarKey:",
                at: reference.position)
          }
          guard let owner = reference.text("name").flatMap({ outline.service($0.text) }),
            let properties = properties(of: owner), !properties.contains(property.text)
          else { return nil }
          return Breach(
            "\(property.text.excerpt) of \(owner.name), \(BlueprintFields.noun(for: owner))",
            properties.isEmpty
              ? "take another service: nothing reaches this one over the network"
              : "use \(nearest(property.text, properties))",
            at: property.position)
        }
      }
    },
    // What begins with RENDER, and PORT, Render sets itself.
    LintRule("reference-variable", .warning, "a variable that is taken from a service is one of its") { outline, _ in
      references(outline).compactMap { _, reference, owner in
        guard let key = reference.text("envVarKey"), !key.text.hasPrefix("RENDER"), key.text != "PORT",
          let keys = keys(of: owner, outline), !keys.contains(key.text)
        else { return nil }
        return Breach(
          "the variable \(key.text.excerpt) of \(owner.name), which this file doesn't give it",
          "write it there, or correct the name: \(nearest(key.text, keys.sorted()))", at: key.position)
      }
    },
    LintRule("reference-cycle", .error, "no variable waits for itself") { outline, _ in cycles(outline) },
  ]

  private static func node(_ key: String, _ item: BlueprintItem) -> DocumentNode {
    item.entry(key)?.value ?? DocumentNode(.list([]), at: item.position)
  }

  /// Each `fromService` whose service is in the file: who refers, how, to whom.
  private static func references(
    _ outline: BlueprintOutline
  ) -> [(variable: BlueprintItem, reference: BlueprintItem, owner: BlueprintItem)] {
    outline.services.flatMap { service in
      service.items("envVars").compactMap { variable in
        guard let reference = variable.item("fromService"), let name = reference.text("name"),
          let owner = outline.service(name.text)
        else { return nil }
        return (variable, reference, owner)
      }
    }
  }

  /// What a service has to take; nil for a type that nobody has documented.
  private static func properties(of service: BlueprintItem) -> [String]? {
    switch service.type {
    case "web" where service.isStaticSite: ["host"]
    case "web", "pserv": ["host", "port", "hostport"]
    case "keyvalue", "redis": ["host", "port", "hostport", "connectionString"]
    case "worker", "cron": []
    default: nil
    }
  }

  /// The variables that a file gives a service; nil where it may have others, from a group that isn't in the file.
  private static func keys(of service: BlueprintItem, _ outline: BlueprintOutline) -> Set<String>? {
    var keys: Set<String> = []
    for variable in service.items("envVars") {
      if let key = variable.text("key") { keys.insert(key.text) }
      guard let name = variable.text("fromGroup") else { continue }
      guard let group = outline.group(name.text) else { return nil }
      keys.formUnion(group.items("envVars").compactMap { $0.text("key")?.text })
    }
    return keys
  }

  /// One finding a circle, at the first variable of it in the file.
  private static func cycles(_ outline: BlueprintOutline) -> [Breach] {
    struct Variable: Hashable {
      var service: String
      var key: String
    }
    var next: [Variable: Variable] = [:]
    var order: [(variable: Variable, position: DocumentPosition)] = []
    for service in outline.services {
      guard let owner = service.text("name")?.text else { continue }
      for item in service.items("envVars") {
        guard let key = item.text("key")?.text, let reference = item.item("fromService"),
          let name = reference.text("name")?.text, let taken = reference.text("envVarKey")
        else { continue }
        let variable = Variable(service: owner, key: key)
        next[variable] = Variable(service: name, key: taken.text)
        order.append((variable, taken.position))
      }
    }
    // Each variable waits for one other: follow it until it ends, or comes to one that was seen.
    var settled: Set<Variable> = []
    var found: [Breach] = []
    for (start, position) in order where !settled.contains(start) {
      var path: [Variable] = []
      var onPath: Set<Variable> = []
      var current: Variable? = start
      while let variable = current, !settled.contains(variable), onPath.insert(variable).inserted {
        path.append(variable)
        current = next[variable]
      }
      if let current, onPath.contains(current), let first = path.firstIndex(of: current) {
        let names = path[first...].map { "\($0.key) of \($0.service)".excerpt }
        let shown = names.prefix(4) + (names.count > 4 ? ["…"] : []) + names.prefix(1)
        found.append(
          Breach(
            "variables that wait for each other: \(shown.joined(separator: " → "))",
            "give one of them a value of its own", at: position))
      }
      settled.formUnion(path)
    }
    return found
  }

  /// What a variable takes from inside the private network: its owner, and the place that says so.
  private static func internalReference(
    _ variable: BlueprintItem, _ outline: BlueprintOutline
  ) -> (BlueprintItem, DocumentPosition)? {
    if let reference = variable.item("fromDatabase"), let name = reference.text("name"),
      let owner = outline.database(name.text),
      ["connectionString", "connectionPoolString", "host"].contains(reference.text("property")?.text ?? "")
    {
      return (owner, name.position)
    }
    if let reference = variable.item("fromService"), let name = reference.text("name"),
      let owner = outline.service(name.text),
      ["connectionString", "host", "hostport"].contains(reference.text("property")?.text ?? "")
    {
      return (owner, name.position)
    }
    return nil
  }
}

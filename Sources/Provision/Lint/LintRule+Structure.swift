import Documents
import ProvisionBlueprint

extension LintRule {
  /// Names, types and fields.
  static let structureRules: [LintRule] = [
    LintRule("blueprint-shape", .error, "services, databases and groups are lists of mappings; root fields are known") {
      outline, _ in outline.misshapen.map { Breach($0.what, $0.remedy, at: $0.position) }
    },
    LintRule("missing-field", .error, "a service has name, type and runtime; a database has a name") { outline, _ in
      outline.services.flatMap { service in
        var required = ["name", "type"]
        let needsRuntime = !service.isKeyValue && service.entry("buildSource") == nil && service.entry("env") == nil
        if needsRuntime { required.append("runtime") }
        if service.type == "cron" { required.append("schedule") }
        if service.isKeyValue { required.append("ipAllowList") }
        return required.filter { service.entry($0) == nil }.map { key in
          Breach("service \(service.name) has no \(key)", remedy(forMissing: key), at: service.position)
        }
      }
        + outline.databases.filter { $0.entry("name") == nil }
        .map { Breach("a database without a name", "add name:", at: $0.position) }
    },
    LintRule("unknown-type", .error, "a service's type is one of Render's") { outline, _ in
      outline.services.compactMap { service in
        guard let type = service.text("type"), !RenderVocabulary.serviceTypes.contains(type.text) else { return nil }
        return Breach("the service type '\(type.text.excerpt)'", remedy(forType: type.text), at: type.position)
      }
    },
    LintRule("unknown-field", .error, "every field is one that the service's type has") { outline, _ in
      outline.services.flatMap { service -> [Breach] in
        guard let known = BlueprintFields.known(for: service) else { return [] }
        return unknown(in: service, known, BlueprintFields.noun(for: service))
      }
        + outline.databases.flatMap { unknown(in: $0, BlueprintFields.database, "a database") }
    },
    LintRule("duplicate-name", .error, "every service, database and group has a name of its own") { outline, _ in
      [("service", outline.services), ("database", outline.databases), ("group", outline.groups)]
        .flatMap { kind, items -> [Breach] in
          var first: [String: Placed] = [:]
          return items.compactMap { item in
            guard let name = item.text("name") else { return nil }
            guard let earlier = first[name.text] else {
              first[name.text] = name
              return nil
            }
            return Breach(
              "the \(kind) name '\(name.text.excerpt)' again",
              "give it a name of its own: line \(earlier.position.line) has this one, and Render would apply both to "
                + "one \(kind)", at: name.position)
          }
        }
    },
    LintRule("unknown-runtime", .error, "a runtime is one of Render's") { outline, _ in
      outline.services.compactMap { service in
        guard let runtime = service.text("runtime") ?? service.text("env"),
          !RenderVocabulary.runtimes.contains(runtime.text)
        else { return nil }
        return Breach(
          "the runtime '\(runtime.text.excerpt)'", "use \(nearest(runtime.text, RenderVocabulary.runtimes))",
          at: runtime.position)
      }
    },
    LintRule("env-for-runtime", .warning, "the runtime is said by runtime:, not by the older env:") { outline, _ in
      outline.services.compactMap { service in
        guard let entry = service.entry("env") else { return nil }
        return Breach(
          "'env' on service \(service.name)", "write runtime: in its place", at: entry.keyPosition,
          fix: service.entry("runtime") == nil ? [TextEdit(key: entry, "runtime")] : [])
      }
    },
    LintRule("unknown-region", .error, "a region is one of Render's") { outline, _ in
      let regions = RenderRegion.allCases.map(\.rawValue)
      return (outline.services + outline.databases).compactMap { item in
        guard let region = item.text("region"), !regions.contains(region.text) else { return nil }
        return Breach(
          "the region '\(region.text.excerpt)'", "use \(nearest(region.text, regions))", at: region.position)
      }
    },
    LintRule("no-health-check", .warning, "a web service has a health check for deploys without a gap") { outline, _ in
      outline.services.filter { $0.type == "web" && !$0.isStaticSite && $0.entry("healthCheckPath") == nil }
        .map {
          Breach(
            "web service \($0.name) has no health check",
            "add healthCheckPath: with a path that answers 200 when it can serve", at: $0.place)
        }
    },
  ]

  private static func remedy(forType type: String) -> String {
    let word = type.lowercased()
    if word.hasPrefix("static") { return "use web with runtime: static" }
    if word.contains("postgres") { return "list it under databases:" }
    return "use \(nearest(type, RenderVocabulary.serviceTypes))"
  }

  private static func remedy(forMissing key: String) -> String {
    switch key {
    case "type": "add type: \(RenderVocabulary.serviceTypes.prefix(5).joined(separator: ", "))"
    case "runtime": "add runtime: such as docker"
    case "schedule": "add schedule: with a cron expression such as '0 * * * *'"
    case "ipAllowList": "add ipAllowList: [] to keep it private"
    default: "add \(key):"
    }
  }

  private static func unknown(in item: BlueprintItem, _ known: [String], _ owner: String) -> [Breach] {
    item.entries.filter { !known.contains($0.key) && $0.key != "env" }.map { entry in
      let isOthers = BlueprintFields.all.contains(entry.key)
      return Breach(
        isOthers
          ? "the field '\(entry.key)' on \(owner)" : "the unknown field '\(entry.key.excerpt)' on \(owner)",
        isOthers ? "take it out: \(owner) has none" : "use \(nearest(entry.key, known)), or take it out",
        at: entry.keyPosition)
    }
  }
}

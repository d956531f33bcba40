import Documents
import ProvisionBlueprint

/// What a field may hold, and what its own fields may. Source: Render's JSON Schema for render.yaml, read 2026.
indirect enum BlueprintShape: Sendable {
  case text
  case flag
  case whole(ClosedRange<Int>)
  case choice([String])
  case list(BlueprintShape)
  /// Fields, which of them must be there, and whether others may be.
  case fields([String: BlueprintShape], required: [String] = [], isOpen: Bool = false)
  /// A rule of its own judges it; of a scalar, only that it is one.
  case judgedElsewhere, judgedScalar

  private static let onOff = BlueprintShape.choice(["enabled", "disabled"])
  private static let count = BlueprintShape.whole(1...Int.max)
  private static let generation = BlueprintShape.choice(["automatic", "manual", "off"])
  private static let allowList = BlueprintShape.list(
    .fields(["source": .text, "description": .text], required: ["source"], isOpen: true))
  private static let credential = BlueprintShape.fields(
    ["fromRegistryCreds": .fields(["name": .text], required: ["name"])], required: ["fromRegistryCreds"])
  private static let image = BlueprintShape.fields(["url": .text, "creds": credential], required: ["url"])
  private static let filter = BlueprintShape.fields(["paths": .list(.text), "ignoredPaths": .list(.text)])
  private static let region = BlueprintShape.choice(RenderRegion.allCases.map(\.rawValue))
  private static let variable = BlueprintShape.fields(
    [
      "generateValue": .flag, "sync": .flag, "fromGroup": .text, "key": .text, "previewValue": .judgedElsewhere,
      "value": .judgedElsewhere,
      "fromDatabase": .fields(
        [
          "name": .text,
          "property": .choice([
            "connectionString", "connectionPoolString", "host", "port", "user", "password", "database",
          ]),
        ], required: ["name", "property"], isOpen: true),
      "fromService": .fields(
        [
          "name": .text, "envVarKey": .text,
          "type": .choice(["web", "cron", "worker", "pserv", "workflow", "static", "dpg", "job", "redis", "keyvalue"]),
          "property": .choice(["host", "port", "hostport", "slug", "connectionString"]),
        ], required: ["name", "type"], isOpen: true),
    ], isOpen: true)

  private static let common: [String: BlueprintShape] = [
    "name": .text, "type": .text, "runtime": .text, "region": .text, "repo": .text, "branch": .text, "rootDir": .text,
    "buildCommand": .text, "startCommand": .text, "preDeployCommand": .text, "initialDeployHook": .text,
    "dockerCommand": .text, "dockerContext": .text, "dockerfilePath": .text, "healthCheckPath": .text, "domain": .text,
    "buildSource": .text, "schedule": .text, "staticPublishPath": .text, "domains": .list(.text), "autoDeploy": .flag,
    "pullRequestPreviewsEnabled": .flag, "autoDeployTrigger": .choice(["off", "commit", "checksPass"]),
    "envVars": .list(variable), "buildFilter": filter, "image": image, "registryCredential": credential,
    "ipAllowList": allowList, "renderSubdomainPolicy": onOff, "plan": .text,
  ]
  private static let server = common.merging([
    "numInstances": count, "maxShutdownDelaySeconds": .whole(1...300),
    "previewPlan": .choice(RenderVocabulary.serverPlans),
    "scaling": .fields(
      [
        "minInstances": count, "maxInstances": count, "targetMemoryPercent": .whole(1...90),
        "targetCPUPercent": .whole(1...90),
      ], isOpen: true),
    "disk": .fields(["name": .text, "mountPath": .text, "sizeGB": count], required: ["name", "mountPath"]),
    "maintenanceMode": .fields(["enabled": .flag, "uri": .text]),
    "previews": .fields([
      "generation": generation, "plan": .choice(RenderVocabulary.serverPlans), "numInstances": count,
    ]),
  ]) { $1 }
  private static let staticSite = common.merging([
    "previews": .fields(["generation": generation]),
    "headers": .list(
      .fields(["path": .text, "name": .text, "value": .text], required: ["path", "name", "value"], isOpen: true)),
    "routes": .list(
      .fields(
        ["type": .choice(["redirect", "rewrite"]), "source": .text, "destination": .text],
        required: ["type", "source", "destination"], isOpen: true)),
  ]) { $1 }
  private static let keyValue = common.merging([
    "previewPlan": .choice(RenderVocabulary.keyValuePlans),
    "maxmemoryPolicy": .choice([
      "allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu", "allkeys-random", "volatile-random",
      "volatile-ttl", "noeviction",
    ]),
    "persistenceMode": .choice(["journal-snapshot", "snapshot", "off"]),
  ]) { $1 }

  static func service(_ service: BlueprintItem) -> BlueprintShape? {
    switch service.type {
    case "web": .fields(service.isStaticSite ? staticSite : server, isOpen: true)
    case "pserv", "worker": .fields(server, isOpen: true)
    case "cron": .fields(common, isOpen: true)
    case "keyvalue", "redis": .fields(keyValue, isOpen: true)
    case "workflow":
      .fields(
        common.merging(["runtime": .choice(["node", "python"])]) { $1 }, required: ["region", "startCommand"],
        isOpen: true)
    default: .fields(["type": .judgedScalar], isOpen: true)
    }
  }

  static let database = BlueprintShape.fields(
    [
      "name": .text, "databaseName": .text, "user": .text, "region": .text, "plan": .text,
      "diskSizeGB": .judgedScalar, "previewDiskSizeGB": .judgedScalar, "storageAutoscalingEnabled": .flag,
      "connectionPool": .choice(["pgbouncer", "none"]),
      "previewPlan": .choice(RenderVocabulary.databasePlans + RenderVocabulary.legacyDatabasePlans.keys.sorted()),
      "postgresMajorVersion": .choice((10...18).map(String.init)),
      "highAvailability": .fields(["enabled": .flag], required: ["enabled"]), "ipAllowList": allowList,
      "readReplicas": .list(.fields(["name": .text], required: ["name"])),
    ], isOpen: true)
  static let group = BlueprintShape.fields(
    ["name": .text, "envVars": .list(variable)], required: ["name", "envVars"])

  private static let buildSources = BlueprintShape.list(
    .fields(
      [
        "name": .text, "image": image,
        "git": .fields(
          [
            "repo": .text, "branch": .text, "buildCommand": .text, "rootDir": .text, "baseDir": .text,
            "dockerfilePath": .text, "region": region, "registryCredential": credential, "buildFilter": filter,
            "envVars": .list(variable),
            "runtime": .choice(["docker", "elixir", "go", "node", "python", "ruby", "rust"]),
          ], required: ["repo", "runtime"]),
      ], required: ["name"]))
  private static let resources: [String: BlueprintShape] = [
    "services": .judgedElsewhere, "databases": .judgedElsewhere, "envVarGroups": .judgedElsewhere,
  ]
  private static let environment = BlueprintShape.fields(
    resources.merging([
      "name": .text, "networking": .fields(["isolation": onOff]), "permissions": .fields(["protection": onOff]),
    ]) { $1 }, required: ["name"])
  /// The file's own fields, but for its services, databases and groups.
  static let file = BlueprintShape.fields(
    resources.merging([
      "version": .choice(["1"]), "previewsEnabled": .flag, "previewsExpireAfterDays": count,
      "previews": .fields(["generation": generation, "expireAfterDays": count]), "buildSources": buildSources,
      "ungrouped": .fields(resources.merging(["buildSources": buildSources]) { $1 }),
      "projects": .list(
        .fields(
          ["name": .text, "environments": .list(environment), "buildSources": buildSources], required: ["name"])),
    ]) { $1 }, isOpen: true)

  // MARK: Judging

  enum Kind { case value, missing, unknown }

  /// What is wrong with a value of this shape.
  /// - Parameter name: of the field, for messages.
  func breaches(_ node: DocumentNode, _ name: String) -> [(kind: Kind, breach: LintRule.Breach)] {
    func wrong(_ what: String, _ remedy: String, fix: TextEdit? = nil) -> [(kind: Kind, breach: LintRule.Breach)] {
      [(.value, LintRule.Breach(what, remedy, at: node.position, fix: fix.map { [$0] } ?? []))]
    }
    if case .judgedElsewhere = self { return [] }
    if node.isNull { return wrong("nothing as \(name)", "write its value, or take the field out") }
    switch (self, node.content) {
    case (.judgedScalar, .scalar): return []
    case (.text, .scalar(let scalar)):
      guard scalar.boolean == nil, scalar.number == nil else {
        return wrong("\(name): \(scalar.text.excerpt), which is no text", "quote it", fix: TextEdit(quoting: node))
      }
      return []
    case (.choice(let words), .scalar(let scalar)):
      if scalar.boolean == nil, scalar.number == nil, words.contains(scalar.text) { return [] }
      return words.contains(scalar.text)
        ? wrong("\(name): \(scalar.text), which is no text", "quote it", fix: TextEdit(quoting: node))
        : wrong("\(name): '\(scalar.text.excerpt)'", "use \(LintRule.nearest(scalar.text, words))")
    case (.flag, .scalar(let scalar)):
      return scalar.boolean != nil
        ? [] : wrong("\(name): '\(scalar.text.excerpt)'", "use true or false, without quotes")
    case (.whole(let range), .scalar(let scalar)):
      if let number = scalar.number.flatMap({ Int(exactly: $0) }), range.contains(number) { return [] }
      let upper = range.upperBound == .max ? "" : " to \(range.upperBound)"
      return wrong(
        "\(name): '\(scalar.text.excerpt)'",
        "use a whole number\(upper.isEmpty ? " of at least \(range.lowerBound)" : " from \(range.lowerBound)\(upper)")")
    case (.list(let shape), .list(let nodes)): return nodes.flatMap { shape.breaches($0, "an entry of \(name)") }
    case (.fields(let fields, let required, let isOpen), .mapping(let entries)):
      var found: [(kind: Kind, breach: LintRule.Breach)] = []
      for key in required where !entries.contains(where: { $0.key == key }) {
        found.append((.missing, LintRule.Breach("\(name) has no \(key)", "add \(key):", at: node.position)))
      }
      for entry in entries {
        if let shape = fields[entry.key] {
          found += shape.breaches(entry.value, entry.key)
        } else if !isOpen {
          let near = LintRule.nearest(entry.key, fields.keys.sorted())
          found.append(
            (
              .unknown,
              LintRule.Breach(
                "the unknown field '\(entry.key.excerpt)' in \(name)", "use \(near), or take it out",
                at: entry.keyPosition)
            ))
        }
      }
      return found
    default: return wrong("\(name) is not \(expected)", "write \(expected)")
    }
  }

  private var expected: String {
    switch self {
    case .list: "a list"
    case .fields: "a mapping"
    case .flag: "true or false"
    case .whole: "a whole number"
    default: "one text"
    }
  }
}

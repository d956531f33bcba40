package import Documents

/// Reads `deploy/deployment.yaml`. `schemas/deployment.schema.json` says the same.
package enum DeploymentReader {
  /// - Throws: `DocumentError` with everything that is wrong.
  package static func read(path: String) throws(DocumentError) -> Deployment {
    try decode(try DocumentReader().read(path: path), file: path)
  }

  /// - Throws: `DocumentError` with everything that is wrong.
  package static func read(text: String, file: String) throws(DocumentError) -> Deployment {
    try decode(try DocumentReader().read(text: text, file: file), file: file)
  }

  static let workspaces = ["hobby", "pro", "scale"]

  private static func decode(_ root: DocumentNode, file: String) throws(DocumentError) -> Deployment {
    var problems = DocumentProblems(file: file)
    let deployment = decode(root, file: file, &problems)
    try problems.throwIfAny()
    guard let deployment else {
      throw DocumentError(.invalid, file: file, problems: [.init(at: nil, "unreadable", expected: "a deployment")])
    }
    return deployment
  }

  private static func decode(
    _ root: DocumentNode, file: String, _ problems: inout DocumentProblems
  ) -> Deployment? {
    let keys = ["name", "regions", "audience", "service", "database", "workspace", "plan_sets", "expected"]
    guard let mapping = root.mapping(allowing: keys, &problems) else { return nil }
    let name = mapping.required("name", &problems)?.identifier(&problems)
    let regions = mapping.required("regions", &problems).flatMap { decodeRegions($0, &problems) }
    let audience = mapping["audience"].flatMap { decodeAudience($0, &problems) }
    let database = mapping["database"].flatMap { decodeDatabase($0, named: name ?? "service", &problems) }
    let service = mapping.required("service", &problems)
      .flatMap { decodeService($0, databaseVariable: database?.variable, &problems) }
    let workspace = mapping["workspace"].map { $0.choice(of: workspaces, &problems) ?? "" } ?? "hobby"
    let planSets = mapping.required("plan_sets", &problems)
      .flatMap { decodePlanSets($0, hasDatabase: mapping["database"] != nil, &problems) }
    let expected =
      mapping["expected"].flatMap { decodeExpected($0, &problems) } ?? .init(keepAwake: false, extras: [])
    guard problems.isEmpty, let name, let regions, let service, let planSets else { return nil }
    return Deployment(
      file: file, name: name, regions: regions, audience: audience, service: service, database: database,
      workspace: workspace, planSets: planSets, expected: expected)
  }

  private static func decodeRegions(_ node: DocumentNode, _ problems: inout DocumentProblems) -> [RenderRegion]? {
    guard let nodes = node.list(of: 1...RenderRegion.allCases.count, &problems) else { return nil }
    var regions: [RenderRegion] = []
    for node in nodes {
      let words = RenderRegion.allCases.map(\.rawValue)
      guard let word = node.word(of: words, &problems), let region = RenderRegion(rawValue: word) else { continue }
      if regions.contains(region) {
        problems.add("the region '\(word)' again", expected: "each region once", at: node.position)
      }
      regions.append(region)
    }
    return regions
  }

  private static func decodeAudience(
    _ node: DocumentNode, _ problems: inout DocumentProblems
  ) -> Deployment.Audience? {
    guard let mapping = node.mapping(allowing: ["place", "latitude", "longitude"], &problems) else { return nil }
    let place = mapping.required("place", &problems)?.text(upTo: 80, &problems)
    let latitude = mapping.required("latitude", &problems)?.number(in: -90...90, &problems)
    let longitude = mapping.required("longitude", &problems)?.number(in: -180...180, &problems)
    guard let place, let latitude, let longitude else { return nil }
    return .init(place: place, location: Location(latitude: latitude, longitude: longitude))
  }

  private static func decodeService(
    _ node: DocumentNode, databaseVariable: String?, _ problems: inout DocumentProblems
  ) -> Deployment.Service? {
    let keys = ["dockerfile", "health_check", "environment", "prompted"]
    guard let mapping = node.mapping(allowing: keys, &problems) else { return nil }
    let dockerfile = mapping["dockerfile"].map { $0.relativePath(&problems) ?? "" } ?? "./Dockerfile"
    let healthCheck = mapping.required("health_check", &problems)?
      .text(matching: { $0.hasPrefix("/") && $0.allSatisfy(\.isPathCharacter) }, "a path such as /health", &problems)
    var taken = Set([databaseVariable].compactMap { $0 })
    var environment: [Deployment.Variable] = []
    if let entries = mapping["environment"]?.mapping(&problems)?.entries {
      if entries.count > 100 {
        problems.add("\(entries.count) variables", expected: "at most 100", at: entries[100].keyPosition)
      }
      for entry in entries {
        checkVariable(entry.key, at: entry.keyPosition, &taken, &problems)
        guard let value = entry.value.string(&problems, expected: "a value; for a secret, 'prompted'") else { continue }
        environment.append(
          .init(key: entry.key, value: value, isNumber: entry.value.scalar?.number != nil))
      }
    }
    var prompted: [String] = []
    for node in mapping["prompted"]?.list(of: 0...100, &problems) ?? [] {
      guard let key = node.text(upTo: 100, &problems) else { continue }
      checkVariable(key, at: node.position, &taken, &problems)
      prompted.append(key)
    }
    guard let healthCheck else { return nil }
    return .init(dockerfile: dockerfile, healthCheck: healthCheck, environment: environment, prompted: prompted)
  }

  private static func checkVariable(
    _ key: String, at position: DocumentPosition, _ taken: inout Set<String>, _ problems: inout DocumentProblems
  ) {
    if !key.isVariableName {
      problems.add(
        "the variable '\(key.excerpt)'", expected: "letters, digits and _, no digit first, up to 100", at: position)
    } else if !taken.insert(key).inserted {
      problems.add("the variable '\(key)' again", expected: "each variable set in one place", at: position)
    }
  }

  private static func decodeDatabase(
    _ node: DocumentNode, named name: String, _ problems: inout DocumentProblems
  ) -> Deployment.Database? {
    guard let mapping = node.mapping(allowing: ["name", "variable"], &problems) else { return nil }
    let ownName = mapping["name"].map { $0.identifier(&problems) ?? "" } ?? "\(name)-db"
    guard let node = mapping["variable"] else { return .init(name: ownName, variable: "DATABASE_URL") }
    let variable = node.text(
      matching: \.isVariableName, "a variable's name such as DATABASE_URL", &problems)
    return variable.map { .init(name: ownName, variable: $0) }
  }

  private static func decodePlanSets(
    _ node: DocumentNode, hasDatabase: Bool, _ problems: inout DocumentProblems
  ) -> [Deployment.PlanSet]? {
    guard let entries = node.mapping(&problems)?.entries else { return nil }
    guard (1...20).contains(entries.count) else {
      problems.add("\(entries.count) plan sets", expected: "1 to 20, such as free and production", at: node.position)
      return nil
    }
    var sets: [Deployment.PlanSet] = []
    for entry in entries {
      if !entry.key.isIdentifier {
        problems.add(
          "the plan set '\(entry.key.excerpt)'", expected: DocumentNode.identifierHint, at: entry.keyPosition)
      }
      guard let set = decodePlanSet(entry, hasDatabase: hasDatabase, &problems) else { continue }
      if let same = sets.first(where: { $0.blueprint == set.blueprint }) {
        problems.add(
          "the blueprint '\(set.blueprint.excerpt)' again",
          expected: "a file of its own (plan set \(same.name) has it)",
          at: entry.keyPosition)
      }
      sets.append(set)
    }
    return sets
  }

  private static func decodePlanSet(
    _ entry: DocumentEntry, hasDatabase: Bool, _ problems: inout DocumentProblems
  ) -> Deployment.PlanSet? {
    let keys = ["web", "blueprint"] + (hasDatabase ? ["database", "disk_gb"] : [])
    guard let mapping = entry.value.mapping(allowing: keys, &problems) else { return nil }
    let web = mapping.required("web", &problems)?.word(of: RenderVocabulary.serverPlans, &problems)
    let blueprint = mapping.required("blueprint", &problems)?.relativePath(&problems)
    var database: String?
    var disk: Int?
    if hasDatabase, let node = mapping.required("database", &problems) {
      if let text = node.scalar?.text, let instead = RenderVocabulary.legacyDatabasePlans[text] {
        problems.add(
          "the legacy database plan '\(text)', which new databases can't have", expected: instead, at: node.position)
      } else {
        database = node.word(of: RenderVocabulary.databasePlans, &problems)
      }
      disk = mapping["disk_gb"].flatMap { decodeDisk($0, isFree: database == "free", &problems) }
    }
    guard let web, let blueprint else { return nil }
    return .init(name: entry.key, web: web, database: database, diskGigabytes: disk, blueprint: blueprint)
  }

  private static func decodeDisk(_ node: DocumentNode, isFree: Bool, _ problems: inout DocumentProblems) -> Int? {
    guard let gigabytes = node.integer(in: 1...16_000, &problems) else { return nil }
    if isFree {
      problems.add("a disk size for a free database", expected: "none: it has 1 GB", at: node.position)
    } else if !RenderVocabulary.isDiskSize(gigabytes) {
      problems.add("a disk of \(gigabytes) GB", expected: "1 or a multiple of 5", at: node.position)
    }
    return gigabytes
  }

  private static func decodeExpected(
    _ node: DocumentNode, _ problems: inout DocumentProblems
  ) -> Deployment.Expected? {
    guard let mapping = node.mapping(allowing: ["egress_gb", "keep_awake", "extras"], &problems) else { return nil }
    let egress = mapping["egress_gb"].flatMap { $0.number(in: 0...1_000_000, &problems) }
    let keepAwake = mapping["keep_awake"].flatMap { $0.boolean(&problems) } ?? false
    var extras: [Deployment.Expected.Extra] = []
    for entry in mapping["extras"]?.mapping(&problems)?.entries ?? [] {
      if !entry.key.isIdentifier {
        problems.add(
          "the extra '\(entry.key.excerpt)'", expected: "an id that `outgrown provision plans` lists",
          at: entry.keyPosition)
      }
      guard let quantity = entry.value.number(in: 0...1_000_000_000, &problems) else { continue }
      extras.append(.init(id: entry.key, quantity: quantity))
    }
    return .init(egressGigabytes: egress, keepAwake: keepAwake, extras: extras)
  }
}

package import Documents
package import Plans
import ProvisionBlueprint
import Wording

/// Prices a Render blueprint, whoever wrote it.
package enum BlueprintCost {
  /// Whether a file is a blueprint, not a deployment of ours.
  package static func isBlueprint(_ root: DocumentNode) -> Bool {
    guard let file = BlueprintItem(root), file.entry("plan_sets") == nil else { return false }
    return ["services", "databases", "projects", "ungrouped"].contains { file.entry($0) != nil }
  }

  /// - Parameter file: the sheet's name, and what messages call it.
  /// What has no dated price is named and left out of the total.
  /// - Throws: `CostError` for a count or a size that can't be, with its place.
  package static func sheet(
    _ root: DocumentNode, file: String, by catalogue: Catalogue
  ) throws(CostError) -> CostSheet {
    var pricing = Pricing(pricer: Pricer(catalogue), file: file)
    let outline = BlueprintOutline(root)
    for service in outline.services { try pricing.add(service: service) }
    for database in outline.databases { try pricing.add(database: database) }
    var notes = pricing.notes
    notes += FreePlanNotes.hours(services: pricing.freeServices, keepAwake: false, catalogue)
    for plan in Set(outline.databases.compactMap { $0.plan?.lowercased() }).sorted() {
      notes += FreePlanNotes.expiry(of: plan, catalogue)
    }
    if let hobby = catalogue.workspace("hobby") {
      let included = hobby.bandwidthGigabytes.formatted()
      notes.append(
        "the workspace's fee and egress are not in the total: \(hobby.name) is \(hobby.monthly) with \(included) GB, "
          + "then \(hobby.perFurtherGigabyte) a GB")
    }
    return CostSheet(name: file, catalogue: catalogue, lines: pricing.lines, notes: notes, leftOut: pricing.leftOut)
  }

  private struct Pricing {
    let pricer: Pricer
    let file: String
    var lines: [CostLine] = []
    var notes: [String] = []
    var leftOut: [String] = []
    var freeServices = 0

    mutating func add(service: BlueprintItem) throws(CostError) {
      let name = service.name
      let pricer = pricer
      switch service.type {
      case "web" where service.isStaticSite:
        notes.append("the static site \(name) has no instance to pay for")
      case "web", "pserv", "worker":
        var plan = service.plan?.lowercased() ?? "starter"
        if plan == "free", service.type != "web" {
          notes.append("\(name): a \(service.type) can't be free, starter is counted")
          plan = "starter"
        }
        let instances = try self.instances(service)
        if plan == "free" { freeServices += 1 }
        if let line = priced(name, { () throws(CostError) in try pricer.web(plan, for: name, kind: service.type) }) {
          lines.append(instances == 1 ? line : line.times(instances))
        }
        try add(diskOf: service)
      case "keyvalue", "redis":
        let plan = service.plan?.lowercased() ?? "starter"
        guard let cache = pricer.catalogue.cache(plan) else {
          leftOut.append(
            "\(name): the key value plan '\(plan.excerpt)' is undated (has no dated price) and is not in the total")
          return
        }
        lines.append(
          CostLine(
            item: name, what: "key value \(cache.name)", amount: cache.monthly, source: pricer.catalogue.source,
            note: cache.note))
      case "cron":
        let minute = pricer.catalogue.extra("render-cron-minute").map { ": \($0.price) a minute with 512 MB" } ?? ""
        leftOut.append("the cron job \(name) is billed by running time and is not in the total\(minute)")
      default:
        leftOut.append("\(name), a \(service.type.excerpt), is undated (has no dated price) and is not in the total")
      }
    }

    /// What is billed always: the least that scaling lets run.
    private mutating func instances(_ service: BlueprintItem) throws(CostError) -> Int {
      let bounds = 1...1_000
      if let scaling = service.item("scaling") {
        let least = try count("minInstances", of: scaling, in: bounds) ?? 1
        let most = try count("maxInstances", of: scaling, in: bounds) ?? least
        guard least <= most else {
          throw refused("minInstances", "\(least), above maxInstances", "at most \(most)", scaling)
        }
        notes.append("\(service.name) scales from \(least) to \(most) instances: \(least) counted")
        return least
      }
      return try count("numInstances", of: service, in: bounds) ?? 1
    }

    private mutating func add(diskOf service: BlueprintItem) throws(CostError) {
      guard let disk = service.item("disk") else { return }
      let gigabytes = try count("sizeGB", of: disk, in: 1...16_000) ?? 10
      let pricer = pricer
      let line = priced(service.name) { () throws(CostError) in
        try pricer.extra("render-disk", BilledQuantity(gigabytes), for: service.name)
      }
      if let line { lines.append(line) }
    }

    mutating func add(database: BlueprintItem) throws(CostError) {
      let disk = try count("diskSizeGB", of: database, in: 1...16_000)
      let pricer = pricer
      let line = priced(database.name) { () throws(CostError) in
        try pricer.database(
          database.plan?.lowercased() ?? "basic-256mb", diskGigabytes: disk, for: database.name, kind: "PostgreSQL")
      }
      if let line { lines.append(line) }
      let replicas = database.items("readReplicas").count
      if replicas > 0 {
        leftOut.append("\(database.name): \(CountText.plural(replicas, "read replica")) undated, not in the total")
      }
      if database.item("highAvailability")?.entry("enabled")?.value.scalar?.boolean == true {
        leftOut.append("\(database.name): the standby (highAvailability) is undated and is not in the total")
      }
    }

    /// Nil, and named, where there is no dated price.
    private mutating func priced(_ name: String, _ price: () throws(CostError) -> CostLine) -> CostLine? {
      do {
        return try price()
      } catch {
        leftOut.append("\(name): \(error.message): undated, not in the total")
        return nil
      }
    }

    /// - Throws: `CostError` for what is no whole number, or out of bounds, with its place.
    private func count(
      _ key: String, of item: BlueprintItem, in bounds: ClosedRange<Int>
    ) throws(CostError) -> Int? {
      guard let entry = item.entry(key) else { return nil }
      guard let text = entry.value.scalar?.text, let number = Int(text), bounds.contains(number) else {
        let shown = entry.value.scalar?.text.excerpt ?? "no number"
        throw refused(
          key, shown.isEmpty ? "nothing" : shown, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
          item)
      }
      return number
    }

    private func refused(_ key: String, _ value: String, _ expected: String, _ item: BlueprintItem) -> CostError {
      let place = item.entry(key)?.value.position ?? item.position
      return CostError(
        code: .outOfRange, message: "\(file):\(place.line):\(place.column): \(key): \(value), expected \(expected)")
    }
  }
}

extension CostLine {
  /// The same for so many instances.
  fileprivate func times(_ count: Int) -> CostLine {
    CostLine(item: item, what: "\(count) × \(what)", amount: amount * count, source: source, note: note)
  }
}

package import Documents
package import Plans
import ProvisionBlueprint

/// Prices a Render blueprint, whoever wrote it.
package enum BlueprintCost {
  /// Whether a file is a blueprint, not a deployment of ours.
  package static func isBlueprint(_ root: DocumentNode) -> Bool {
    guard let file = BlueprintItem(root), file.entry("plan_sets") == nil else { return false }
    return ["services", "databases", "projects", "ungrouped"].contains { file.entry($0) != nil }
  }

  /// - Parameter file: the sheet's name, and what messages call it.
  /// - Throws: `CostError` for a plan without a dated price, with its place.
  package static func sheet(
    _ root: DocumentNode, file: String, by catalogue: Catalogue
  ) throws(CostError) -> CostSheet {
    var pricing = Pricing(pricer: Pricer(catalogue), file: file)
    let outline = BlueprintOutline(root)
    for service in outline.services { try pricing.add(service: service) }
    for database in outline.databases { try pricing.add(database: database) }
    var notes = pricing.notes
    notes += FreePlanNotes.hours(services: pricing.freeServices, keepAwake: false, catalogue)
    for plan in Set(outline.databases.compactMap(\.plan)).sorted() {
      notes += FreePlanNotes.expiry(of: plan, catalogue)
    }
    if let hobby = catalogue.workspace("hobby") {
      let included = hobby.bandwidthGigabytes.formatted()
      notes.append(
        "the workspace's fee and egress are not in the total: \(hobby.name) is \(hobby.monthly) with \(included) GB, "
          + "then \(hobby.perFurtherGigabyte) a GB")
    }
    return CostSheet(name: file, catalogue: catalogue, lines: pricing.lines, notes: notes)
  }

  private struct Pricing {
    let pricer: Pricer
    let file: String
    var lines: [CostLine] = []
    var notes: [String] = []
    var freeServices = 0

    mutating func add(service: BlueprintItem) throws(CostError) {
      let name = service.name
      switch service.type {
      case "web" where service.isStaticSite:
        notes.append("the static site \(name) has no instance to pay for")
      case "web", "pserv", "worker":
        var plan = service.plan ?? "starter"
        if plan == "free", service.type != "web" {
          notes.append("\(name): a \(service.type) can't be free, starter is counted")
          plan = "starter"
        }
        let line = try placed(service) { () throws(CostError) in
          try pricer.web(plan, for: name, kind: service.type)
        }
        let instances = self.instances(service)
        if plan == "free" { freeServices += 1 }
        lines.append(instances == 1 ? line : line.times(instances))
        try add(diskOf: service)
      case "keyvalue", "redis":
        let plan = service.plan ?? "starter"
        guard let cache = pricer.catalogue.cache(plan) else {
          notes.append("\(name): the key value plan '\(plan.excerpt)' has no dated price and is not in the total")
          return
        }
        lines.append(
          CostLine(
            item: name, what: "key value \(cache.name)", amount: cache.monthly, source: pricer.catalogue.source,
            note: cache.note))
      case "cron":
        let minute = pricer.catalogue.extra("render-cron-minute").map { ": \($0.price) a minute with 512 MB" } ?? ""
        notes.append("the cron job \(name) is billed by running time and is not in the total\(minute)")
      default:
        notes.append("\(name), a \(service.type.excerpt), has no dated price and is not in the total")
      }
    }

    /// What is billed always: the least that scaling lets run.
    private mutating func instances(_ service: BlueprintItem) -> Int {
      if let scaling = service.item("scaling") {
        let least = scaling.text("minInstances").flatMap { Int($0.text) } ?? 1
        let most = scaling.text("maxInstances").flatMap { Int($0.text) } ?? least
        notes.append("\(service.name) scales from \(least) to \(most) instances: \(least) counted")
        return max(1, min(least, 1_000))
      }
      return max(1, min(service.text("numInstances").flatMap { Int($0.text) } ?? 1, 1_000))
    }

    private mutating func add(diskOf service: BlueprintItem) throws(CostError) {
      guard let disk = service.item("disk") else { return }
      let gigabytes = disk.text("sizeGB").flatMap { Int($0.text) } ?? 10
      lines.append(
        try placed(service) { () throws(CostError) in
          try pricer.extra("render-disk", Quantity(max(0, min(gigabytes, 1_000_000))), for: service.name)
        })
    }

    mutating func add(database: BlueprintItem) throws(CostError) {
      let disk = database.text("diskSizeGB").flatMap { Int($0.text) }
      let line = try placed(database) { () throws(CostError) in
        try pricer.database(
          database.plan ?? "basic-256mb", diskGigabytes: disk, for: database.name, kind: "PostgreSQL")
      }
      lines.append(line)
      let replicas = database.items("readReplicas").count
      if replicas > 0 || database.entry("highAvailability") != nil {
        notes.append("\(database.name): replicas and the standby have no dated price and are not in the total")
      }
    }

    private func placed(
      _ item: BlueprintItem, _ price: () throws(CostError) -> CostLine
    ) throws(CostError) -> CostLine {
      do {
        return try price()
      } catch {
        let place = item.planPosition
        throw CostError(code: error.code, message: "\(file):\(place.line):\(place.column): \(error.message)")
      }
    }
  }
}

extension CostLine {
  /// The same for so many instances.
  fileprivate func times(_ count: Int) -> CostLine {
    CostLine(item: item, what: "\(count) × \(what)", amount: amount * count, source: source, note: note)
  }
}

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
  /// - Parameter usage: a month's use; without it, what depends on it is said to be unstated.
  /// - Throws: `CostError` for a count or a size that can't be, with its place.
  package static func sheet(
    _ root: DocumentNode, file: String, by catalogue: Catalogue, usage: Usage? = nil
  ) throws(CostError) -> CostSheet {
    var pricing = Pricing(pricer: Pricer(catalogue), file: file, usage: usage ?? Usage())
    let outline = BlueprintOutline(root)
    for service in outline.services { try pricing.add(service: service) }
    for database in outline.databases { try pricing.add(database: database) }
    if usage != nil {
      pricing.addPreviews(of: outline)
      pricing.nameUnused(outline)
    }
    var notes = pricing.notes
    notes += FreePlanNotes.hours(services: pricing.freeServices, keepAwake: false, catalogue)
    for plan in Set(outline.databases.compactMap { $0.plan?.lowercased() }).sorted() {
      notes += FreePlanNotes.expiry(of: plan, catalogue)
    }
    if let usage {
      let used = try UsageCost(usage, by: pricing.pricer)
      return CostSheet(
        name: file, catalogue: catalogue, lines: pricing.lines + used.lines, notes: notes + used.notes,
        leftOut: pricing.leftOut + used.leftOut)
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
    let usage: Usage
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
          addScaling(of: service, least: instances, each: line)
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
        try add(cron: service)
      default:
        leftOut.append("\(name), a \(service.type.excerpt), is undated (has no dated price) and is not in the total")
      }
    }

    /// Source: render.com/pricing, 2026-10-02, for 512 MB: the starter plan.
    private mutating func add(cron service: BlueprintItem) throws(CostError) {
      let name = service.name
      let minute = pricer.catalogue.extra("render-cron-minute")
      guard let used = usage.cronMinutes.first(where: { $0.name == name })?.minutes else {
        let price = minute.map { ": \($0.price) a minute with 512 MB" } ?? ""
        leftOut.append("the cron job \(name) is billed by running time and is not in the total\(price)")
        return
      }
      guard ["starter", "0.5c-512mb"].contains(service.plan?.lowercased() ?? "starter") else {
        leftOut.append("the cron job \(name) on \(service.plan?.excerpt ?? "") is undated and is not in the total")
        return
      }
      var line = try pricer.extra("render-cron-minute", BilledQuantity(approximately: used), for: name)
      line.isUsage = true
      // Source: github.com/render-oss/skills, render-cron-jobs, read 2026-11: a dollar a month at least.
      let least = Money(dollars: 1)
      if line.amount < least {
        line.amount = least
        notes.append("\(name): a cron job costs \(least) a month at least, and its minutes less")
      }
      lines.append(line)
    }

    /// Instances beyond the least, where the usage says how many run.
    private mutating func addScaling(of service: BlueprintItem, least: Int, each: CostLine) {
      guard service.item("scaling") != nil,
        let average = usage.instances.first(where: { $0.name == service.name })?.count
      else { return }
      let further = BilledQuantity(approximately: average) - BilledQuantity(least)
      guard further > BilledQuantity(0), let amount = each.amount.times(further) else { return }
      lines.append(
        CostLine(
          item: service.name, what: "\(further.text) further instances of \(each.what)", amount: amount,
          source: each.source, isUsage: true))
    }

    /// Preview environments hold a copy of every service, on its preview plan, and are billed by the second.
    /// Source: blueprint reference (2025-12-03), previews.plan and previewPlan; autoscaled services run their least.
    mutating func addPreviews(of outline: BlueprintOutline) {
      guard let hours = usage.previewHours, hours > 0 else { return }
      let share = BilledQuantity(approximately: hours / pricer.catalogue.hoursPerMonth)
      var monthly = Money.zero
      for service in outline.services where ["web", "pserv", "worker"].contains(service.type) && !service.isStaticSite {
        let previews = service.item("previews")
        let plan = previews?.text("plan")?.text ?? service.text("previewPlan")?.text ?? service.plan ?? "starter"
        guard let priced = pricer.catalogue.web(plan.lowercased()) else {
          leftOut.append("previews of \(service.name) on '\(plan.excerpt)' are undated and not in the total")
          continue
        }
        let count =
          previews?.text("numInstances") ?? service.item("scaling")?.text("minInstances")
          ?? service.text("numInstances")
        monthly += priced.monthly * min(1_000, max(1, count.flatMap { Int($0.text) } ?? 1))
      }
      for database in outline.databases {
        let plan = database.text("previewPlan")?.text ?? database.plan ?? "basic-256mb"
        let disk = (database.text("previewDiskSizeGB") ?? database.text("diskSizeGB")).flatMap { Int($0.text) }
        guard
          let line = priced(
            "previews of \(database.name)",
            { [pricer] () throws(CostError) in
              try pricer.database(plan.lowercased(), diskGigabytes: disk, for: database.name)
            })
        else { continue }
        monthly += line.amount
      }
      guard monthly > .zero, let amount = monthly.times(share) else { return }
      lines.append(
        CostLine(
          item: "previews", what: "\(BilledQuantity(approximately: hours).text) hours of \(monthly) a month",
          amount: amount, source: pricer.catalogue.source, isUsage: true))
    }

    /// A name that the usage has and the blueprint hasn't is a slip.
    mutating func nameUnused(_ outline: BlueprintOutline) {
      for name in usage.cronMinutes.map(\.name) + usage.instances.map(\.name) where outline.service(name) == nil {
        notes.append("the usage names \(name.excerpt), which \(file) doesn't have")
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
        let each = pricer.catalogue.web(service.plan?.lowercased() ?? "starter")?.monthly
        let prices = each.map { ", \($0 * least) a month; \(most) would be \($0 * most)" } ?? ""
        notes.append("\(service.name) scales from \(least) to \(most) instances: \(least) counted\(prices)")
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
      guard let line else { return }
      lines.append(line)
      // Of the primary's instance type and storage, billed like it. Source: render.com/docs/postgresql-read-replicas and
      // postgresql-high-availability, read 2026-11.
      let replicas = database.items("readReplicas").count
      if replicas > 0 { lines.append(line.times(replicas, as: CountText.plural(replicas, "read replica"))) }
      if database.item("highAvailability")?.entry("enabled")?.value.scalar?.boolean == true {
        lines.append(line.times(1, as: "standby"))
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
  /// So many copies of a database.
  fileprivate func times(_ count: Int, as name: String) -> CostLine {
    CostLine(item: item, what: "\(name), each as \(what)", amount: amount * count, source: source)
  }

  /// The same for so many instances.
  fileprivate func times(_ count: Int) -> CostLine {
    CostLine(item: item, what: "\(count) × \(what)", amount: amount * count, source: source, note: note)
  }
}

import Documents
import Plans
import ProvisionBlueprint
import Wording

extension LintRule {
  /// PostgreSQL, its disk, and who reaches it.
  static let databaseRules: [LintRule] = [
    LintRule("legacy-database-plan", .error, "a new database is not on a legacy plan") { outline, _ in
      outline.databases.compactMap { database in
        guard let plan = database.text("plan"), let instead = RenderVocabulary.legacyDatabasePlans[plan.text] else {
          return nil
        }
        return Breach(
          "the legacy plan '\(plan.text)' on database \(database.name), which a new database can't have",
          "use \(instead) and diskSizeGB; a database that exists may keep it", at: plan.position)
      }
    },
    LintRule("database-disk-size", .error, "diskSizeGB is 1 or a multiple of 5") { outline, _ in
      outline.databases.flatMap { database in
        ["diskSizeGB", "previewDiskSizeGB"].compactMap { key in
          guard let size = database.text(key) else { return nil }
          if let gigabytes = Int(size.text), RenderVocabulary.isDiskSize(gigabytes) {
            guard key == "diskSizeGB", RenderVocabulary.legacyDatabasePlans[database.plan ?? ""] != nil else {
              return nil
            }
            return Breach(
              "diskSizeGB on the legacy plan of \(database.name)", "take it out: a legacy plan's disk is fixed",
              at: size.position)
          }
          return Breach("\(key): \(size.text.excerpt)", "use 1 or a multiple of 5", at: size.position)
        }
      }
    },
    LintRule("database-disk-default", .warning, "a paid database states its disk, which is paid by the gigabyte") {
      outline, catalogue in
      outline.databases.filter { $0.entry("diskSizeGB") == nil }.compactMap { database in
        let plan = database.plan ?? "basic-256mb"
        guard plan != "free", let disk = RenderVocabulary.defaultDiskGigabytes(databasePlan: plan) else { return nil }
        let cost = catalogue.database(plan)?.perFurtherGigabyte.map { " ($\(($0 * disk).centsText) a month)" } ?? ""
        return Breach(
          "database \(database.name) states no disk: a new one on \(plan) gets \(disk) GB\(cost)",
          "add diskSizeGB: 1, or a multiple of 5; a disk never shrinks", at: database.planPosition)
      }
    },
    LintRule("free-database-expires", .warning, "a free database is not where data is kept") { outline, catalogue in
      guard let plan = catalogue.database("free"), let days = plan.expiresAfterDays else { return [] }
      return outline.databases.filter { $0.plan == "free" }.map { database in
        let grace = plan.graceDays.map { ", and its data is deleted \(CountText.plural($0, "day")) later" } ?? ""
        return Breach(
          "the free database \(database.name) expires \(CountText.plural(days, "day")) after its creation\(grace)",
          "use basic-256mb\(databasePrice(of: "basic-256mb", catalogue)), or keep only what can be made again",
          at: database.planPosition)
      }
    },
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
            found = ("group", name, outline.groups.contains { $0.text("name")?.text == name.text })
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
  ]

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

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
      return outline.databases.filter { $0.isFree }.map { database in
        let grace = plan.graceDays.map { ", and its data is deleted \(CountText.plural($0, "day")) later" } ?? ""
        return Breach(
          "the free database \(database.name) expires \(CountText.plural(days, "day")) after its creation\(grace)",
          "use basic-256mb\(databasePrice(of: "basic-256mb", catalogue)), or keep only what can be made again",
          at: database.planPosition)
      }
    },
    LintRule("free-database-size", .error, "a free database has 1 GB") { outline, _ in
      outline.databases.filter { $0.isFree }.compactMap { database in
        guard let size = database.text("diskSizeGB"), let gigabytes = Int(size.text), gigabytes > 1 else { return nil }
        return Breach(
          "\(gigabytes) GB on the free database \(database.name)", "take diskSizeGB out, or use a paid plan",
          at: size.position)
      }
    },
    LintRule("second-free-datastore", .error, "a workspace has one free database and one free key value instance") {
      outline, _ in
      let databases = outline.databases.filter { $0.isFree }
      let caches = outline.services.filter { $0.isKeyValue && $0.isFree }
      return [("database", "basic-256mb", databases), ("key value instance", "starter", caches)]
        .flatMap { kind, paid, free in
          free.dropFirst().map { item in
            Breach(
              "a second free \(kind), \(item.name)",
              "use \(paid), or share \(free[0].name): a workspace can have one that is free", at: item.planPosition)
          }
        }
    },
    LintRule("high-availability", .error, "a standby has a plan and a version that can have one") { outline, _ in
      outline.databases.compactMap { database in
        guard let switched = database.item("highAvailability")?.entry("enabled")?.value,
          switched.scalar?.boolean == true
        else { return nil }
        if let version = database.text("postgresMajorVersion"), let number = Int(version.text), number < 13 {
          return Breach(
            "a standby for PostgreSQL \(number) of database \(database.name)", "use version 13 or later",
            at: version.position)
        }
        guard RenderVocabulary.hasStandby(databasePlan: database.plan ?? "basic-256mb") == false else { return nil }
        return Breach(
          "a standby for database \(database.name) on \(database.plan ?? "basic-256mb")",
          "use a Pro or Accelerated plan such as pro-4gb, or take highAvailability out", at: switched.position)
      }
    },
    LintRule("read-replicas", .error, "read replicas: at most five, of a database of 10 GB on basic-1gb or higher") {
      outline, _ in
      outline.databases.compactMap { database in
        guard let entry = database.entry("readReplicas"), case .list(let replicas) = entry.value.content,
          !replicas.isEmpty
        else { return nil }
        if replicas.count > 5 {
          return Breach(
            "\(replicas.count) read replicas of database \(database.name)", "keep five at most",
            at: replicas[5].position)
        }
        let plan = database.plan ?? "basic-256mb"
        if RenderVocabulary.hasReplicas(databasePlan: plan) == false {
          return Breach(
            "read replicas of database \(database.name) on \(plan)", "use basic-1gb or a larger plan",
            at: entry.keyPosition)
        }
        guard let size = database.text("diskSizeGB"), let gigabytes = Int(size.text), gigabytes < 10 else { return nil }
        return Breach(
          "read replicas of database \(database.name), which has \(gigabytes) GB", "give it 10 GB or more",
          at: size.position)
      }
    },
  ]
}

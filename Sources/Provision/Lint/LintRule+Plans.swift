import Documents
import Plans
import ProvisionBlueprint

extension LintRule {
  /// Instance types, and what the free one can't do.
  static let planRules: [LintRule] = [
    LintRule("unknown-plan", .error, "a plan is one that the type has") { outline, _ in
      outline.services.compactMap { service in
        guard let plan = service.text("plan"), let plans = RenderVocabulary.plans(ofType: service.type),
          !plans.contains(plan.text), !(plan.text == "free" && neverFree.contains(service.type))
        else { return nil }
        return Breach(
          "the plan '\(plan.text.excerpt)'", "use \(nearest(plan.text, plans))", at: plan.position,
          fix: respelled(service, plans))
      }
        + outline.databases.compactMap { database in
          guard let plan = database.text("plan"), !RenderVocabulary.databasePlans.contains(plan.text),
            RenderVocabulary.legacyDatabasePlans[plan.text] == nil
          else { return nil }
          return Breach(
            "the database plan '\(plan.text.excerpt)'", "use \(nearest(plan.text, RenderVocabulary.databasePlans))",
            at: plan.position, fix: respelled(database, RenderVocabulary.databasePlans))
        }
    },
    LintRule("free-not-available", .error, "private services, workers and cron jobs are not on the free plan") {
      outline, catalogue in
      outline.services.filter { neverFree.contains($0.type) && $0.isFree }.map { service in
        Breach(
          "the free plan on \(service.type) \(service.name)",
          "use starter\(price(of: "starter", catalogue)) or a web service", at: service.planPosition)
      }
    },
    LintRule("free-cannot-scale", .error, "a free service has one instance") { outline, _ in
      outline.services.filter { $0.isFree && !$0.isKeyValue }.compactMap { service in
        if let scaling = service.entry("scaling") {
          return Breach(
            "scaling on the free service \(service.name)", "take it out, or use a paid plan", at: scaling.keyPosition)
        }
        guard let instances = service.text("numInstances"), let count = Int(instances.text), count > 1 else {
          return nil
        }
        return Breach(
          "\(count) instances of the free service \(service.name)", "use one, or a paid plan", at: instances.position)
      }
    },
    LintRule("free-has-no-disk", .error, "a free service has no persistent disk") { outline, catalogue in
      outline.services.filter { $0.isFree }.compactMap { service in
        service.entry("disk").map {
          Breach(
            "a disk on the free service \(service.name)",
            "use starter\(price(of: "starter", catalogue)), or keep the data in a database", at: $0.keyPosition)
        }
      }
    },
    LintRule("free-has-no-hooks", .error, "a free service has no pre-deploy command and no shutdown delay of its own") {
      outline, catalogue in
      outline.services.filter { $0.type == "web" && !$0.isStaticSite && $0.isFree }.flatMap { service in
        service.entries.filter { paidOnly.contains($0.key) }.map { entry in
          Breach(
            "\(entry.key) on the free service \(service.name), for which Render refuses it",
            entry.key == "preDeployCommand"
              ? "run it at the head of startCommand, or use starter\(price(of: "starter", catalogue))"
              : "take it out, or use starter\(price(of: "starter", catalogue))", at: entry.keyPosition)
        }
      }
    },
    LintRule("scaling-bounds", .error, "autoscaling has both bounds, in their order, and a target") { outline, _ in
      outline.services.flatMap { service -> [Breach] in
        guard let scaling = service.item("scaling") else { return [] }
        var found = ["minInstances", "maxInstances"].filter { scaling.entry($0) == nil }.map { key in
          Breach("scaling of \(service.name) without \(key)", "add \(key):", at: scaling.position)
        }
        if scaling.entry("targetCPUPercent") == nil, scaling.entry("targetMemoryPercent") == nil {
          found.append(
            Breach(
              "scaling of \(service.name) without a target", "add targetCPUPercent: or targetMemoryPercent: (1 to 90)",
              at: scaling.position))
        }
        if let least = scaling.text("minInstances").flatMap({ Int($0.text) }), let most = scaling.text("maxInstances"),
          let bound = Int(most.text), bound < least
        {
          found.append(
            Breach(
              "maxInstances: \(bound), below minInstances: \(least)", "use \(least) or more", at: most.position))
        }
        return found
      }
    },
    LintRule("instances-beside-scaling", .warning, "a service that scales by itself states no number of instances") {
      outline, _ in
      outline.services.compactMap { service in
        guard service.entry("scaling") != nil, let entry = service.entry("numInstances") else { return nil }
        return Breach(
          "numInstances on \(service.name), which scales: it has no effect", "take it out, or take out scaling",
          at: entry.keyPosition)
      }
    },
    LintRule("disk-cannot-scale", .error, "a service with a disk has one instance") { outline, _ in
      outline.services.filter { $0.entry("disk") != nil && !$0.isFree }.compactMap { service in
        let instances = service.text("numInstances").flatMap { Int($0.text) } ?? 1
        guard let entry = service.entry("scaling") ?? (instances > 1 ? service.entry("numInstances") : nil) else {
          return nil
        }
        return Breach(
          "several instances of \(service.name), which has a disk", "take out the disk or the scaling",
          at: entry.keyPosition)
      }
    },
    LintRule("plan-not-stated", .warning, "the plan is stated: a new service without one is paid for") {
      outline, catalogue in
      outline.services.filter { $0.plan == nil && !$0.isStaticSite && RenderVocabulary.plans(ofType: $0.type) != nil }
        .map { service in
          Breach(
            "\(service.type) \(service.name) states no plan: a new one is starter"
              + (service.isKeyValue || service.type == "cron" ? "" : price(of: "starter", catalogue)),
            neverFree.contains(service.type) ? "add plan: starter" : "add plan: starter, or plan: free",
            at: service.place)
        }
        + outline.databases.filter { $0.plan == nil }.map { database in
          Breach(
            "database \(database.name) states no plan: a new one is basic-256mb"
              + databasePrice(of: "basic-256mb", catalogue),
            "add plan: basic-256mb, or plan: free", at: database.place)
        }
    },
    LintRule("free-hours", .warning, "free services that are kept awake fit in the workspace's hours") {
      outline, catalogue in
      let free = outline.services.filter { $0.type == "web" && !$0.isStaticSite && $0.isFree }
      guard let sleep = catalogue.web("free")?.sleep, let second = free.dropFirst().first else { return [] }
      // A month of 31 days.
      let needed = BilledQuantity(744 * free.count)
      let pool = BilledQuantity(approximately: sleep.pooledHoursPerMonth)
      guard needed > pool else { return [] }
      return [
        Breach(
          "\(free.count) free web services share \(pool.text) hours a month: always awake they would need "
            + needed.text,
          "let all but one sleep; when the hours are used up every free service is suspended",
          at: second.planPosition)
      ]
    },
  ]

  /// Types that have no free plan.
  private static let neverFree = ["pserv", "worker", "cron"]

  /// What Render refuses on a free web service.
  private static let paidOnly = ["preDeployCommand", "maxShutdownDelaySeconds", "maintenanceMode"]

  static func price(of plan: String, _ catalogue: Catalogue) -> String {
    catalogue.web(plan).map { " (\($0.monthly) a month)" } ?? ""
  }

  /// For a plan that is only written otherwise: `Starter`, `basic_256mb`.
  private static func respelled(_ item: BlueprintItem, _ plans: [String]) -> [TextEdit] {
    guard let node = item.entry("plan")?.value, let text = node.scalar?.text else { return [] }
    func folded(_ text: String) -> String { text.lowercased().replacing("_", with: "-").replacing(" ", with: "-") }
    let same = plans.filter { folded($0) == folded(text) }
    guard same.count == 1 else { return [] }
    return TextEdit(plain: node, same[0]).map { [$0] } ?? []
  }

  static func databasePrice(of plan: String, _ catalogue: Catalogue) -> String {
    catalogue.database(plan).map { " (\($0.monthly) a month and its disk)" } ?? ""
  }
}

import Documents
import Evidence
import Plans
import ProvisionBlueprint
import Wording

/// Goes through the guide's list, item by item. Each is found, never asked.
///
/// Source: the project's scaling guide, "Scaling Checklist".
package enum ChecklistBuilder {
  package static func items(_ view: ChecklistView) -> [Checklist.Item] {
    [
      webPlan(view), databasePlan(view), indexes(view), caching(view), errorTracking(view), schedule(view),
      logging(view), messages(view), backups(view), healthMonitoring(view),
    ]
  }

  private typealias Item = Checklist.Item

  private static func webPlan(_ view: ChecklistView) -> Item {
    let price = view.catalogue.web("starter").map { " (\($0.monthly) a month)" } ?? ""
    let remedy = "write plan: starter\(price); whether it is worth it: outgrown decide"
    func item(_ state: Checklist.State, _ seen: [Checklist.Sighting?]) -> Item {
      Item(
        id: "web-plan", title: "Web service on a plan that doesn't sleep", state: state, seen: seen.compactMap(\.self),
        remedy: state == .done ? nil : remedy)
    }
    let servers = view.servers
    if !servers.isEmpty {
      let free = servers.filter { $0.isFree }
      let shown = (free.isEmpty ? servers : free).prefix(5).map {
        view.seen($0.planPosition, "\($0.name) is on \($0.plan?.excerpt ?? "no stated plan, which is starter")")
      }
      return item(free.isEmpty ? .done : .open, shown)
    }
    guard let plan = view.told("plan") else { return item(.notTold, []) }
    return item(view.told("plan", as: ["free"]) ? .open : .done, [plan])
  }

  private static func databasePlan(_ view: ChecklistView) -> Item {
    let price = view.catalogue.database("basic-256mb")?.monthly(diskGigabytes: 1).map { " (\($0) a month)" } ?? ""
    func item(_ state: Checklist.State, _ seen: [Checklist.Sighting?], _ remedy: String?) -> Item {
      Item(
        id: "database-plan", title: "Database on a plan that stays", state: state, seen: seen.compactMap(\.self),
        remedy: remedy)
    }
    let databases = view.blueprint?.outline.databases ?? []
    let remedy = "write plan: basic-256mb with diskSizeGB: 1\(price): a free database expires after 30 days"
    if !databases.isEmpty {
      let free = databases.filter { $0.isFree }
      let shown = (free.isEmpty ? databases : free).prefix(5).map {
        view.seen($0.planPosition, "\($0.name) is on \($0.plan?.excerpt ?? "no stated plan, which is basic-256mb")")
      }
      return item(free.isEmpty ? .done : .open, shown, free.isEmpty ? nil : remedy)
    }
    return item(
      .notTold, view.variables(["DATABASE_URL", "PGHOST", "POSTGRES", "MONGO", "MYSQL"]).seen,
      "no database is in what was looked at: see what its host keeps, and for how long")
  }

  private static func indexes(_ view: ChecklistView) -> Item {
    // Our own service makes its indexes itself, when it starts.
    let own = ["db", "scheduler", "outbox", "scrape_age_s"].allSatisfy { view.health?.answer.entry($0) != nil }
    guard own, view.told("db", as: ["initialized"]), let seen = view.told("db") else {
      return Item(
        id: "indexes", title: "Database indexes", state: .notTold, seen: [],
        remedy:
          "look at the slowest queries with EXPLAIN (ANALYZE, BUFFERS); outgrown bench shows which request is slow")
    }
    return Item(
      id: "indexes", title: "Database indexes", state: .done,
      seen: [.init(place: seen.place, what: "the store is Outgrown's, which makes its indexes when it starts")],
      remedy: nil)
  }

  private static func caching(_ view: ChecklistView) -> Item {
    let title = "Caching"
    let remedy =
      "add a key value instance (free: 25 MB) and give the service its connectionString, or cache in the process"
    if let told = view.told("cache") {
      // What is away, broken or in other words is no cache that anybody can count on.
      let state: Checklist.State =
        view.told("cache", as: ["memory", "redis"]) ? .done : view.told("cache", as: ["off"]) ? .open : .notTold
      return Item(id: "caching", title: title, state: state, seen: [told], remedy: state == .done ? nil : remedy)
    }
    let outline = view.blueprint?.outline
    let caches = outline?.services.filter(\.isKeyValue) ?? []
    let names = Set(caches.compactMap { $0.text("name")?.text })
    let users = (outline?.services ?? []).flatMap { service in
      service.items("envVars").compactMap { variable -> Checklist.Sighting? in
        guard let name = variable.item("fromService")?.text("name"), names.contains(name.text) else { return nil }
        return view.seen(name.position, "\(service.name) is given \(name.text.excerpt)")
      }
    }
    if let user = users.first { return Item(id: "caching", title: title, state: .done, seen: [user], remedy: nil) }
    if let cache = caches.first {
      return Item(
        id: "caching", title: title, state: .open,
        seen: [view.seen(cache.place, "\(cache.name) is given to no service")].compactMap(\.self), remedy: remedy)
    }
    let variables = view.variables(["REDIS", "VALKEY", "CACHE_URL", "MEMCACHE"])
    return Item(
      id: "caching", title: title, state: variables.isGiven ? .done : .notTold, seen: variables.seen,
      remedy: variables.isGiven ? nil : remedy)
  }

  private static func byVariable(
    _ id: String, _ title: String, _ beginnings: [String], _ remedy: String, _ view: ChecklistView,
    also told: Checklist.Sighting? = nil
  ) -> Item {
    let variables = view.variables(beginnings)
    let isDone = variables.isGiven || told != nil
    return Item(
      id: id, title: title, state: isDone ? .done : .notTold, seen: variables.seen + [told].compactMap(\.self),
      remedy: isDone ? nil : remedy)
  }

  private static func errorTracking(_ view: ChecklistView) -> Item {
    byVariable(
      "error-tracking", "Error tracking",
      ["SENTRY_DSN", "ROLLBAR", "BUGSNAG", "HONEYBADGER", "AIRBRAKE", "GLITCHTIP"],
      "set SENTRY_DSN (5,000 errors a month are free), in the dashboard if not here", view)
  }

  private static func schedule(_ view: ChecklistView) -> Item {
    let title = "Scraper's schedule"
    if let told = view.told("scheduler") {
      // A stale schedule is none: the guide's longest interval is six hours.
      let age = (view.health?.answer.entry("scrape_age_s")?.value.scalar?.number).flatMap { $0 >= 0 ? $0 : nil }
      // That something is to scrape is not that it does.
      let state: Checklist.State = age.map { $0 > 2 * 6 * 3_600 ? .open : .done } ?? .notTold
      let seen =
        [told]
        + (age.map { [Checklist.Sighting(place: told.place, what: "last scrape \(Int(min($0, 1e9)) / 60) min ago")] }
          ?? [])
      return Item(
        id: "schedule", title: title, state: state, seen: seen,
        remedy: state == .open
          ? "nothing was scraped for twelve hours: see last_scrape there, and the service's log"
          : state == .notTold ? "say there when it last scraped (scrape_age_s), or look at its log" : nil)
    }
    let jobs = (view.blueprint?.outline.services ?? []).filter { $0.type == "cron" }.prefix(5).compactMap { job in
      job.text("schedule").flatMap { view.seen($0.position, "\(job.name) runs at '\($0.text.excerpt)' (UTC)") }
    }
    return Item(
      id: "schedule", title: title, state: jobs.isEmpty ? .notTold : .done, seen: Array(jobs),
      remedy: jobs.isEmpty
        ? "say when it runs: a cron job, or the service's own clock (often by day, seldom by night)" : nil)
  }

  private static func logging(_ view: ChecklistView) -> Item {
    byVariable(
      "logging", "Monitoring and logging",
      [
        "HEARTBEAT_URL", "LOG_FORMAT", "OTEL_EXPORTER", "DD_API_KEY", "DD_SITE", "NEW_RELIC", "LOGTAIL", "BETTERSTACK",
        "PAPERTRAIL", "AXIOM", "GRAFANA",
      ],
      "set HEARTBEAT_URL and run outgrown monitor, which doesn't keep the service awake; send the log somewhere", view,
      also: view.watched.map { .init(place: $0.path, what: "monitored from \($0.report.from) to \($0.report.to)") })
  }

  private static func messages(_ view: ChecklistView) -> Item {
    byVariable(
      "messages", "SMS and WhatsApp considered", ["TWILIO", "WHATSAPP", "VONAGE", "PLIVO", "MESSAGEBIRD"],
      "consider whether mail and web push are enough; what messages cost: outgrown provision cost --usage", view)
  }

  private static func backups(_ view: ChecklistView) -> Item {
    let title = "Automated backups"
    var seen: [Checklist.Sighting] = []
    for service in view.blueprint?.outline.services ?? [] where service.type == "cron" {
      let words = [service.text("name"), service.text("startCommand"), service.text("dockerCommand")]
        .compactMap { $0?.text.lowercased() }
      guard words.contains(where: { $0.contains("backup") || $0.contains("pg_dump") }) else { continue }
      if let sighting = view.seen(service.place, "the job \(service.name)") { seen.append(sighting) }
    }
    let variables = view.variables(["BACKUP_"])
    let hasJob = !seen.isEmpty || variables.isGiven
    seen += variables.seen
    let databases = view.blueprint?.outline.databases ?? []
    let unkept = databases.filter { database in
      view.catalogue.database(database.plan?.lowercased() ?? "basic-256mb")?.hasBackups == false
    }
    for database in databases.prefix(5) {
      let plan = database.plan?.lowercased() ?? "basic-256mb"
      guard let hasBackups = view.catalogue.database(plan)?.hasBackups else { continue }
      let what = "\(plan.excerpt) \(hasBackups ? "keeps" : "keeps no") backups"
      if let sighting = view.seen(database.planPosition, what) { seen.append(sighting) }
    }
    let isKept = databases.allSatisfy { database in
      view.catalogue.database(database.plan?.lowercased() ?? "basic-256mb")?.hasBackups == true
    }
    let state: Checklist.State =
      hasJob ? .done : !unkept.isEmpty ? .open : databases.isEmpty || !isKept ? .notTold : .done
    return Item(
      id: "backups", title: title, state: state, seen: seen,
      remedy: state == .done ? nil : "outgrown app backup, or pg_dump by a job, to another place; restore one to see")
  }

  private static func healthMonitoring(_ view: ChecklistView) -> Item {
    let title = "Health monitoring"
    if let monitor = view.watched {
      let seconds = monitor.report.secondsByState.values.reduce(0, +)
      let days = NumberText.grouped(Int(max(0, min(seconds, 1e10)) / 86_400))
      return Item(
        id: "health-monitoring", title: title, state: .done,
        seen: [.init(place: monitor.path, what: "\(days) days of \(monitor.report.service.excerpt) were watched")],
        remedy: nil)
    }
    let servers = view.servers
    let unchecked = servers.filter { $0.entry("healthCheckPath") == nil }
    let remedy = "add healthCheckPath, and watch it from outside: outgrown monitor"
    if let first = unchecked.first {
      return Item(
        id: "health-monitoring", title: title, state: .open,
        seen: [view.seen(first.place, "\(first.name) has no healthCheckPath")].compactMap(\.self), remedy: remedy)
    }
    let seen = servers.prefix(5).compactMap { server in
      server.text("healthCheckPath").flatMap {
        view.seen($0.position, "\(server.name) is checked at \($0.text.excerpt)")
      }
    }
    return Item(
      id: "health-monitoring", title: title, state: servers.isEmpty ? .notTold : .done, seen: Array(seen),
      remedy: servers.isEmpty ? remedy : nil)
  }
}

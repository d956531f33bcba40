package import Evidence
package import Plans

/// All that a decision rests on. Whatever is nil was not measured.
package struct DecisionInputs: Sendable {
  package var catalogue: Catalogue
  package var values: OwnerValues
  package var now: Hosting
  /// Free services of the workspace, this one included.
  package var services: Int
  package var traffic: Traffic?
  package var bench: BenchReport?
  package var plans: PlansReport?
  /// As `plans`, measured with the service's cache on.
  package var plansWithCache: PlansReport?
  package var monitor: MonitorReport?
  package var names = Names()

  /// The monitor's report where it counted real visitors: under an emulated plan or a shortened idle clock it says
  /// nothing of them.
  var countingMonitor: MonitorReport? {
    monitor.flatMap { $0.origin == .live && $0.timeScale == 1 ? $0 : nil }
  }

  package init(catalogue: Catalogue, values: OwnerValues = OwnerValues(), now: Hosting, services: Int = 1) {
    self.catalogue = catalogue
    self.values = values
    self.now = now
    self.services = services
  }

  /// What messages call each file.
  package struct Names: Sendable {
    package var traffic = "traffic.json"
    package var bench = "report.json"
    package var plans = "plans.json"
    package var plansWithCache = "plans-with-cache.json"
    package var monitor = "monitor.json"
    package var values = "values.yaml"

    package init() {}
  }
}

/// What runs where.
package struct Hosting: Sendable, Hashable {
  /// Of the catalogue.
  package var web: String
  package var database: Database
  /// Of the catalogue's caches; nil for none.
  package var cache: String?
  package var keepAwake: KeepAwake

  package init(web: String, database: Database = .unsaid, cache: String? = nil, keepAwake: KeepAwake = .none) {
    self.web = web
    self.database = database
    self.cache = cache
    self.keepAwake = keepAwake
  }

  package enum Database: Sendable, Hashable {
    /// Nobody said.
    case unsaid
    /// None, or a file on the service's own disk.
    case none
    /// Elsewhere; nothing of it is known or priced.
    case external
    /// A plan of the catalogue.
    case plan(String)

    package var text: String? {
      switch self {
      case .unsaid: nil
      case .none: "none"
      case .external: "external"
      case .plan(let id): id
      }
    }
  }

  /// `free+awake+basic-256mb`.
  package var id: String {
    var parts = [web]
    switch keepAwake {
    case .none: break
    case .always: parts.append("awake")
    case .duty: parts.append("awake-\(keepAwake.text ?? "")")
    }
    if case .plan(let id) = database, id != "free" { parts.append("db-\(id)") }
    if let cache { parts.append("cache-\(cache)") }
    return parts.joined(separator: "+")
  }
}

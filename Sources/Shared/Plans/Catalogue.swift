import Foundation

/// The plans and prices of one reading, as data: `Catalogues/<id>.json`. What has no dated source is not in it.
package struct Catalogue: Codable, Sendable {
  package var id: String
  package var title: String
  package var source: Reading
  package var web: [WebPlan]
  package var database: [DatabasePlan]
  package var cache: [CachePlan]
  package var workspace: [WorkspacePlan]
  /// What a month is counted as when hours are billed or compared: 730 on average, 744 at most.
  package var hoursPerMonth: Double
  package var extras: [Extra]
  /// What the source advises, where it does.
  package var recommendations: [Recommendation]?
  /// Which of these plans took the place of another catalogue's.
  package var successors: [Successor]?
  package var notes: [String]

  private enum CodingKeys: String, CodingKey {
    case id, title, source, web, database, cache, workspace, extras, recommendations, successors, notes
    case hoursPerMonth = "hours_per_month"
  }

  /// Where a figure comes from and when it was read.
  package struct Reading: Codable, Sendable, Equatable {
    package var text: String
    /// `2026-10-02`, or `2026-10` where only the month is known.
    package var asOf: String
    /// Of the reading: `low` is shown with that mark.
    package var confidence: Confidence?

    package enum Confidence: String, Codable, Sendable { case low, medium }

    private enum CodingKeys: String, CodingKey {
      case text, confidence
      case asOf = "as_of"
    }
  }

  package func web(_ id: String) -> WebPlan? { web.first { $0.id == id || $0.aliases.contains(id) } }
  package func database(_ id: String) -> DatabasePlan? { database.first { $0.id == id || $0.aliases.contains(id) } }
  package func cache(_ id: String) -> CachePlan? {
    cache.first { $0.id == id || $0.aliases?.contains(id) == true }
  }
  package func workspace(_ id: String) -> WorkspacePlan? { workspace.first { $0.id == id } }
  package func extra(_ id: String) -> Extra? { extras.first { $0.id == id } }
}

/// An instance type of a web service.
package struct WebPlan: Codable, Sendable, Equatable {
  package var id: String
  package var name: String
  package var aliases: [String]
  package var monthly: Money
  /// Cores; nil where the source names none.
  package var cpu: Double?
  package var memoryMegabytes: Int?
  /// Nil for a plan that never sleeps.
  package var sleep: SleepRule?
  /// What the source promises, in its words' sense.
  package var benefits: String
  package var note: String?

  package init(
    id: String, name: String, aliases: [String] = [], monthly: Money, cpu: Double?, memoryMegabytes: Int?,
    sleep: SleepRule?, benefits: String, note: String? = nil
  ) {
    self.id = id
    self.name = name
    self.aliases = aliases
    self.monthly = monthly
    self.cpu = cpu
    self.memoryMegabytes = memoryMegabytes
    self.sleep = sleep
    self.benefits = benefits
    self.note = note
  }

  private enum CodingKeys: String, CodingKey {
    case id, name, aliases, monthly, cpu, sleep, benefits, note
    case memoryMegabytes = "memory_mb"
  }
}

/// How a free instance type sleeps and what a month of it holds.
package struct SleepRule: Codable, Sendable, Equatable {
  /// Without an inbound request for this long, the service is spun down.
  package var idleSeconds: Double
  /// Running hours a calendar month, over all free services of the workspace; beyond them all are suspended.
  package var pooledHoursPerMonth: Double
  /// What the platform adds to a wake before the process starts; nil where the source says nothing of it.
  package var platformWake: PlatformWake?

  package struct PlatformWake: Codable, Sendable, Equatable {
    package var seconds: Double
    package var lower: Double
    package var upper: Double
    package var source: Catalogue.Reading

    private enum CodingKeys: String, CodingKey {
      case source
      case seconds = "value_s"
      case lower = "lower_s"
      case upper = "upper_s"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case idleSeconds = "idle_s"
    case pooledHoursPerMonth = "pooled_hours_per_month"
    case platformWake = "platform_wake"
  }
}

/// A managed PostgreSQL's plan.
package struct DatabasePlan: Codable, Sendable, Equatable {
  package var id: String
  package var name: String
  package var aliases: [String]
  package var monthly: Money
  /// Included in `monthly`.
  package var storageGigabytes: Double
  package var memoryMegabytes: Int?
  /// Each further gigabyte; nil where storage is fixed.
  package var perFurtherGigabyte: Money?
  /// The disk of a new database that asks for none, where the source says.
  package var defaultDiskGigabytes: Int?
  /// Days after creation on which it expires with its data; nil for one that stays.
  package var expiresAfterDays: Int?
  /// Days from expiry to the deletion of its data, in which upgrading still saves it.
  package var graceDays: Int?
  package var hasBackups: Bool
  package var benefits: String
  /// Where it is not the catalogue's own.
  package var source: Catalogue.Reading?
  package var note: String?

  /// The month's price with a disk of so many gigabytes; nil where the plan's storage is fixed and smaller.
  package func monthly(diskGigabytes: Int) -> Money? {
    let further = max(0, diskGigabytes - Int(storageGigabytes))
    guard further > 0 else { return monthly }
    return perFurtherGigabyte.map { monthly + $0 * further }
  }

  private enum CodingKeys: String, CodingKey {
    case id, name, aliases, monthly, benefits, source, note
    case defaultDiskGigabytes = "default_disk_gb"
    case graceDays = "grace_days"
    case storageGigabytes = "storage_gb"
    case memoryMegabytes = "memory_mb"
    case perFurtherGigabyte = "per_further_gb"
    case expiresAfterDays = "expires_after_days"
    case hasBackups = "has_backups"
  }
}

/// A managed key-value cache's plan.
package struct CachePlan: Codable, Sendable, Equatable {
  package var id: String
  package var name: String
  /// Other names of the same plan.
  package var aliases: [String]?
  package var monthly: Money
  package var memoryMegabytes: Int
  package var note: String?

  private enum CodingKeys: String, CodingKey {
    case id, name, aliases, monthly, note
    case memoryMegabytes = "memory_mb"
  }
}

/// A workspace's fee and what it includes.
package struct WorkspacePlan: Codable, Sendable, Equatable {
  package var id: String
  package var name: String
  package var monthly: Money
  package var bandwidthGigabytes: Double
  package var perFurtherGigabyte: Money
  package var pipelineMinutes: Int
  /// At most; nil where the source names no limit.
  package var services: Int?
  package var customDomains: Int?

  private enum CodingKeys: String, CodingKey {
    case id, name, monthly, services
    case customDomains = "custom_domains"
    case bandwidthGigabytes = "bandwidth_gb"
    case perFurtherGigabyte = "per_further_gb"
    case pipelineMinutes = "pipeline_minutes"
  }
}

/// A price outside the host's own plans: a front end's host, error tracking, a message.
package struct Extra: Codable, Sendable, Equatable {
  package var id: String
  package var name: String
  package var price: Money
  /// What one `price` buys: `month`, `message`, …
  package var unit: String
  package var source: Catalogue.Reading
  package var benefits: String?
  package var note: String?
}

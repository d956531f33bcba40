import Wording

/// The words that Render's Blueprint takes. Source: render.com/docs/blueprint-spec, read 2025-12-03, and its JSON Schema
/// of 2026.
package enum RenderVocabulary {
  package static let serviceTypes = ["web", "pserv", "worker", "cron", "keyvalue", "redis", "workflow"]
  package static let runtimes = ["docker", "image", "node", "python", "elixir", "go", "ruby", "rust", "static"]

  private static let sizedPlans = [
    "0.5c-512mb", "1c-2g", "2c-4g", "2c-8g", "2c-16g", "4c-8g", "4c-16g", "4c-32g", "8c-16g", "8c-32g", "8c-64g",
  ]
  /// Of web services, private services and workers.
  package static let serverPlans =
    ["free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra"] + sizedPlans
    + ["12c-24g", "12c-48g", "12c-96g"]
  package static let cronPlans = ["starter", "standard", "pro", "pro plus"] + sizedPlans
  package static let keyValuePlans = [
    "free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra", "256mb", "1g", "3g", "5g", "10g", "20g",
    "40g", "50g",
  ]
  /// What a new database can be.
  package static let databasePlans =
    ["free", "basic-256mb", "basic-1gb", "basic-4gb"]
    + ["4gb", "8gb", "16gb", "32gb", "64gb", "128gb", "192gb", "256gb", "384gb", "512gb"].map { "pro-\($0)" }
    + ["16gb", "32gb", "64gb", "128gb", "256gb", "384gb", "512gb", "768gb", "1024gb"].map { "accelerated-\($0)" }
    + [
      "0.1c-256mb", "0.5c-1g", "1c-2g", "1c-4g", "2c-4g", "2c-8g", "2c-16g", "4c-16g", "4c-32g", "8c-32g", "8c-64g",
      "16c-64g", "16c-128g", "32c-128g", "32c-256g", "48c-192g", "48c-384g", "64c-256g", "64c-512g", "96c-384g",
      "96c-768g", "128c-512g", "128c-1024g",
    ]
  /// What only a database that exists already can be, and what to take instead.
  package static let legacyDatabasePlans = [
    "starter": "basic-256mb", "standard": "basic-1gb", "pro": "basic-4gb or pro-4gb", "pro plus": "pro-8gb",
  ]

  /// The plans of a service type; nil for a type that has none or isn't known.
  package static func plans(ofType type: String) -> [String]? {
    switch type {
    case "web", "pserv", "worker": serverPlans
    case "cron": cronPlans
    case "keyvalue", "redis": keyValuePlans
    default: nil
    }
  }

  /// The disk that a new database gets without `diskSizeGB`; nil for a plan whose tier isn't said.
  package static func defaultDiskGigabytes(databasePlan plan: String) -> Int? {
    if plan == "free" { return 1 }
    if plan.hasPrefix("basic-") { return 15 }
    if plan.hasPrefix("pro-") { return 100 }
    return plan.hasPrefix("accelerated-") ? 250 : nil
  }

  /// Whether a database on this plan can have a standby; nil for a plan whose tier isn't said.
  /// Source: render.com/docs/postgresql-high-availability, read 2026-11: Pro, Accelerated, or a legacy Pro and higher.
  package static func hasStandby(databasePlan plan: String) -> Bool? {
    if plan == "free" || plan.hasPrefix("basic-") { return false }
    if legacyDatabasePlans[plan] != nil { return plan.hasPrefix("pro") }
    return plan.hasPrefix("pro-") || plan.hasPrefix("accelerated-") ? true : nil
  }

  /// Whether a database on this plan can have read replicas; nil for a plan whose tier isn't said.
  /// Source: render.com/docs/postgresql-read-replicas, read 2026-11: basic-1gb or higher, or a legacy Standard and higher.
  package static func hasReplicas(databasePlan plan: String) -> Bool? {
    if ["free", "basic-256mb", "0.1c-256mb", "starter"].contains(plan) { return false }
    return databasePlans.contains(plan) || legacyDatabasePlans[plan] != nil ? true : nil
  }

  /// Runtimes that Render builds by commands.
  package static let nativeRuntimes: Set<String> = ["node", "python", "elixir", "go", "ruby", "rust"]

  /// `1` or a multiple of 5.
  package static func isDiskSize(_ gigabytes: Int) -> Bool {
    gigabytes == 1 || gigabytes > 0 && gigabytes.isMultiple(of: 5)
  }

  /// `'starter'`, or all of them when none is near.
  package static func expected(for word: String, among words: [String]) -> String {
    Spelling.closest(to: word, among: words).map { "'\($0)'" } ?? Spelling.alternatives(words)
  }
}

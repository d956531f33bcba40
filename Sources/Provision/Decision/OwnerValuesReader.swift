package import Documents
import Foundation
import Wording

/// Reads `values.yaml`.
package enum OwnerValuesReader {
  private static let keys = [
    "value_per_cold_visit", "value_per_failed_visit", "client_time_limit", "max_affected", "keep_awake",
    "keep_awake_by",
    "keep_awake_miss", "keep_awake_outages", "keep_awake_every", "memory_peak", "oom_kills_a_month", "growth_per_year",
    "horizon_months", "data", "data_loss_value", "database_gb", "other_service_hours", "alerts_at", "scrape_every",
    "cache", "indexes",
  ]

  /// - Throws: `DocumentError` with every problem and its place.
  package static func read(path: String) throws(DocumentError) -> OwnerValues {
    try read(DocumentReader().read(path: path), file: path)
  }

  package static func read(text: String, file: String) throws(DocumentError) -> OwnerValues {
    try read(DocumentReader().read(text: text, file: file), file: file)
  }

  private static func read(_ root: DocumentNode, file: String) throws(DocumentError) -> OwnerValues {
    var problems = DocumentProblems(file: file)
    var values = OwnerValues()
    if let mapping = root.mapping(allowing: keys, &problems) {
      values.given = Set(mapping.entries.map(\.key))
      for entry in mapping.entries { read(entry, into: &values, &problems) }
    }
    try problems.throwIfAny()
    return values
  }

  private static func read(_ entry: DocumentEntry, into values: inout OwnerValues, _ problems: inout DocumentProblems) {
    let node = entry.value
    switch entry.key {
    case "value_per_cold_visit": values.valuePerColdVisit = node.number(in: 0...1_000, &problems)
    case "value_per_failed_visit": values.valuePerFailedVisit = node.number(in: 0...1_000, &problems)
    case "client_time_limit":
      values.clientTimeLimitSeconds = node.duration(in: .milliseconds(100)...(.seconds(600)), &problems)?.seconds
    case "max_affected": values.maxAffected = share(node, &problems)
    case "keep_awake_by":
      set(
        &values.keepAwakeBy,
        node.choice(of: PingerKind.allCases.map(\.rawValue), &problems).flatMap(PingerKind.init))
    case "keep_awake_outages":
      // Hours of a month.
      values.keepAwakeOutageHours = node.number(in: 0...744, &problems)
    case "memory_peak": values.memoryPeakMegabytes = megabytes(node, &problems)
    case "oom_kills_a_month": values.memoryKillsPerMonth = node.number(in: 0...100_000, &problems)
    case "keep_awake":
      set(&values.keepAwakeIsAllowed, node.choice(of: ["allowed", "refused"], &problems).map { $0 == "allowed" })
    case "keep_awake_miss": values.keepAwakeMiss = share(node, &problems)
    case "keep_awake_every":
      set(&values.keepAwakeEverySeconds, node.duration(in: .seconds(60)...(.seconds(3_600)), &problems)?.seconds)
    case "growth_per_year": set(&values.growthPerYear, share(node, in: -0.99...100, &problems))
    case "horizon_months": set(&values.horizonMonths, node.integer(in: 1...60, &problems))
    case "data":
      let words = OwnerValues.DataKind.allCases.map(\.rawValue)
      set(&values.data, node.choice(of: words, &problems).flatMap(OwnerValues.DataKind.init))
    case "data_loss_value": set(&values.dataLossValue, node.number(in: 0...1_000_000, &problems))
    case "database_gb": set(&values.databaseGigabytes, node.number(in: 0...10_000, &problems))
    case "other_service_hours": values.otherServiceHours = node.number(in: 0...100_000, &problems)
    case "alerts_at":
      values.alertsAt = (node.list(of: 0...48, &problems) ?? []).compactMap { time($0, &problems) }
    case "scrape_every":
      values.scrapeEverySeconds = node.duration(in: .seconds(60)...(.seconds(7 * 86_400)), &problems)?.seconds
    case "cache", "indexes":
      let words = OwnerValues.Remedy.allCases.map(\.rawValue)
      let remedy = node.choice(of: words, &problems).flatMap(OwnerValues.Remedy.init)
      if entry.key == "cache" { set(&values.cacheRemedy, remedy) } else { set(&values.indexRemedy, remedy) }
    default: break
    }
  }

  private static func set<Value>(_ target: inout Value, _ value: Value?) {
    if let value { target = value }
  }

  /// `5%` or `0.05`.
  private static func share(
    _ node: DocumentNode, in range: ClosedRange<Double> = 0...1, _ problems: inout DocumentProblems
  ) -> Double? {
    let text = node.scalar?.text ?? ""
    if text.hasSuffix("%"), let percent = Double(text.dropLast().trimmingCharacters(in: .whitespaces)),
      range.contains(percent / 100)
    {
      return percent / 100
    }
    guard let value = node.scalar?.number, range.contains(value) else {
      let bounds = "from \(Figure.percent(range.lowerBound)) to \(Figure.percent(range.upperBound))"
      return node.mismatch("a share \(bounds), such as 5% or 0.05", &problems)
    }
    return value
  }

  /// `180 MB` or `1.5 GB`, in the megabytes of plans (2^20 bytes).
  private static func megabytes(_ node: DocumentNode, _ problems: inout DocumentProblems) -> Double? {
    let units = [("MiB", 1.0), ("MB", 1), ("M", 1), ("GiB", 1_024), ("GB", 1_024), ("G", 1_024)]
    let text = node.scalar?.text ?? ""
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let count = Double(text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)),
      (1...1_048_576).contains(count * factor)
    else { return node.mismatch("memory from 1 MB to 1024 GB, such as 180 MB", &problems) }
    return count * factor
  }

  /// `07:30` or `20:00`, in seconds of the day.
  private static func time(_ node: DocumentNode, _ problems: inout DocumentProblems) -> Int? {
    let parts = (node.scalar?.text ?? "").split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0..<24).contains(hour), (0..<60).contains(minute)
    else { return node.mismatch("a time of day in quotes, such as \"07:30\"", &problems) }
    return hour * 3_600 + minute * 60
  }
}

package import AppDomain
package import Telemetry

/// What the service counts besides its requests.
package struct ScheduleMetrics: Sendable {
  private let scrapes: Family<Counter>
  private let warnings: Counter
  private let unreadTimings: Gauge
  private let epoch: Gauge
  private let rows: Gauge
  private let lastSuccess: Gauge

  package init(registry: MetricsRegistry, boot: Boot) {
    scrapes = registry.counter("scrapes_total", "Scrapes by result.", labels: ["result"])
    warnings = registry.counter("scrape_warnings_total", "Worksheets or cells that a scrape could not read.").with()
    unreadTimings = registry.gauge(
      "schedule_unread_timings", "Timings of the last stored scrape that could not be read as times."
    ).with()
    epoch = registry.gauge("leader_epoch", "The term in which this instance leads; 0 while it doesn't.").with()
    rows = registry.gauge("schedule_rows", "Rows in the store.").with()
    lastSuccess = registry.gauge(
      "scrape_last_success_timestamp_seconds", "When a scrape last succeeded; 0 before the first."
    ).with()
    for status in IngestOutcome.Status.allCases { _ = scrapes.with(status.rawValue) }
    registry.gauge("process_resident_memory_bytes", "Resident memory.") { ProcessMemory.residentBytes }
    registry.gauge("process_start_time_seconds", "When the process started, since 1970.") { boot.startedAt }
  }

  package func record(_ outcome: IngestOutcome) {
    scrapes.with(outcome.status.rawValue).increment()
    warnings.increment(by: outcome.warnings.count)
    if outcome.status == .success {
      lastSuccess.value = outcome.finishedAt
      unreadTimings.value = Double(outcome.unreadTimings)
    }
    if let storedRows = outcome.storedRows { set(rows: storedRows) }
  }

  package func set(leading term: LeaderTerm?) { epoch.value = Double(term?.epoch ?? 0) }

  package func set(rows count: Int) { rows.value = Double(count) }
}

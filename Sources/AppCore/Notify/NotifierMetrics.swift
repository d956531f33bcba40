import AppDomain
package import Telemetry
import Wording

/// What a notifier counts.
package struct NotifierMetrics: Sendable {
  /// What became of a message, or of a try.
  enum Result: String, CaseIterable { case planned, sent, retried, dead, withdrawn }

  private let results: Family<Counter>
  private let states: Family<Gauge>
  private let durations: Family<DurationBuckets>

  package init(registry: MetricsRegistry) {
    results = registry.counter(
      "notifications_total", "Messages by what became of them, and tries that are to be repeated.",
      labels: ["channel", "result"])
    states = registry.gauge("outbox_messages", "Messages in the outbox by state.", labels: ["state"])
    durations = registry.durations(
      "notification_send_seconds", "How long the other side took to take a message, or to refuse it.",
      labels: ["channel"])
  }

  /// Shows zeros before the first of its kind.
  func begin(_ channel: NotificationChannel) {
    for result in Result.allCases { count(0, result, channel) }
    show([:])
  }

  func count(_ number: Int, _ result: Result, _ channel: NotificationChannel) {
    results.with(channel.rawValue, result.rawValue).increment(by: number)
  }

  func took(_ duration: Duration, _ channel: NotificationChannel) {
    durations.with(channel.rawValue).record(nanoseconds: duration.nanosecondCount)
  }

  func show(_ counts: [OutboxState: Int]) {
    for state in OutboxState.allCases { states.with(state.rawValue).value = Double(counts[state] ?? 0) }
  }
}

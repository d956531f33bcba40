import AppDomain
import Channels
package import Telemetry
import Wording

/// What a notifier counts.
package struct NotifierMetrics: Sendable {
  /// What became of a message, or of a try.
  enum Result: String, CaseIterable { case planned, sent, retried, dead, withdrawn }

  private let results: Family<Counter>
  private let states: Family<Gauge>
  private let durations: Family<DurationBuckets>
  private let failures: Family<Counter>
  private let held: Family<Gauge>
  private let oldest: Gauge

  package init(registry: MetricsRegistry) {
    results = registry.counter(
      "notifications_total", "Messages by what became of them, and tries that are to be repeated.",
      labels: ["channel", "result"])
    states = registry.gauge("outbox_messages", "Messages in the outbox by state.", labels: ["state"])
    failures = registry.counter(
      "notification_failures_total", "Tries that the other side did not take, by why.", labels: ["channel", "reason"])
    held = registry.gauge(
      "notification_providers_held", "Other sides that take nothing, and are asked once in a while.",
      labels: ["channel"])
    oldest = registry.gauge(
      "outbox_oldest_seconds", "How long the oldest message that waits has been there; 0 where none does."
    ).with()
    durations = registry.durations(
      "notification_send_seconds", "How long the other side took to take a message, or to refuse it.",
      labels: ["channel"])
  }

  /// Shows zeros before the first of its kind.
  func begin(_ channel: NotificationChannel) {
    for result in Result.allCases { count(0, result, channel) }
    for code in ChannelError.Code.allCases { failures.with(channel.rawValue, code.rawValue).increment(by: 0) }
    show(held: 0, channel)
    show([:])
  }

  func count(_ number: Int, _ result: Result, _ channel: NotificationChannel) {
    results.with(channel.rawValue, result.rawValue).increment(by: number)
  }

  func failed(_ code: ChannelError.Code, kind channel: NotificationChannel) {
    failures.with(channel.rawValue, code.rawValue).increment()
  }

  func show(held number: Int, _ channel: NotificationChannel) { held.with(channel.rawValue).value = Double(number) }

  func show(oldest age: Duration) { oldest.value = max(0, age.seconds) }

  func took(_ duration: Duration, _ channel: NotificationChannel) {
    durations.with(channel.rawValue).record(nanoseconds: duration.nanosecondCount)
  }

  func show(_ counts: [OutboxState: Int]) {
    for state in OutboxState.allCases { states.with(state.rawValue).value = Double(counts[state] ?? 0) }
  }
}

import Statistics

/// Who pings a service to keep it awake, and how such pingers fail: single pings that don't come, and outages in which
/// none does.
package enum PingerKind: String, Sendable, CaseIterable {
  case cronService = "cron service"
  case githubActions = "github actions"
  case ownHost = "own host"
  case platformCron = "platform cron"

  /// How often it pings unless the owner says otherwise, seconds.
  package static let everySeconds = 300.0

  /// What is known of it, or assumed.
  var record: Record {
    switch self {
    case .githubActions: .githubActions
    case .cronService, .ownHost, .platformCron: .assumed
    }
  }

  /// How pings fail.
  struct Record: Sendable, Equatable {
    /// The share of pings that don't come, each by itself.
    var miss: Estimate
    /// Outages a month.
    var outagesPerMonth: Estimate
    /// An outage's mean length, seconds.
    var outageSeconds: Double
    /// Where the figures are from; nil where nobody has published any, and they are assumed.
    var source: String?

    /// Of a schedule of every five minutes two to four of the twelve due in an hour came; on four days of a month it came
    /// four to six and a half hours late.
    /// - Source: github.com/actions/runner issue 877; github.com senar-ai issue 36, 2026-09-19; both read 2026-11-27.
    static let githubActions = Record(
      miss: Estimate(0.75, 0.667, 0.833), outagesPerMonth: Estimate(2, 0, 4), outageSeconds: 5.25 * 3_600,
      source: "actions/runner issue 877; senar-ai issue 36, 2026-09-19")

    /// Until somebody publishes how often they fail: from hardly ever up to GitHub's record.
    static let assumed = Record(
      miss: Estimate(0.05, 0.01, githubActions.miss.upper),
      outagesPerMonth: Estimate(0.5, 0, githubActions.outagesPerMonth.upper),
      outageSeconds: githubActions.outageSeconds, source: nil)
  }
}

import Foundation
import Statistics

/// What the owner holds things to be worth, and the limits that the service must keep. `docs/decision.md` explains each.
package struct OwnerValues: Sendable, Equatable {
  /// Dollars that one visit to a sleeping or waking service costs; nil when nobody said.
  package var valuePerColdVisit: Double?
  /// The largest share of visits that may meet a sleeping or waking service; nil when nobody said: then none is too large.
  package var maxAffected: Double?
  package var keepAwakeIsAllowed = true
  /// Who pings.
  package var keepAwakeBy = PingerKind.cronService
  /// The share of pings that don't come, each by itself, as the owner knows it; nil for what is known of the kind.
  package var keepAwakeMiss: Double?
  /// Hours a month in which no ping comes at all, as the owner knows them; nil for what is known of the kind.
  package var keepAwakeOutageHours: Double?
  package var keepAwakeEverySeconds = PingerKind.everySeconds
  /// 0.5 is half as much again after a year.
  package var growthPerYear = 0.0
  package var horizonMonths = 12
  package var data = DataKind.scrapeable
  /// Dollars that one loss of the data costs.
  package var dataLossValue = 50.0
  /// Gigabytes that the database holds.
  package var databaseGigabytes = 1.0
  /// Running hours a month of the workspace's other free services, together; nil when nobody said.
  package var otherServiceHours: Double?
  /// The service acts by itself at these times, such as alerts: seconds of the local day.
  package var alertsAt: [Int] = []
  /// How often the service is to scrape by itself; nil when that is of no matter.
  package var scrapeEverySeconds: Double?
  /// What has been done already of the remedies that cost nothing but work.
  package var cacheRemedy = Remedy.untried
  package var indexRemedy = Remedy.untried
  /// Megabytes that the service holds at most, as the owner knows it.
  package var memoryPeakMegabytes: Double?
  /// How often a month it is killed for memory on the plan that it is on.
  package var memoryKillsPerMonth: Double?
  /// Seconds after which clients give up; nil where they wait for the wake.
  package var clientTimeLimitSeconds: Double?
  /// Dollars that a visit costs whose client gave up; nil for what one that waits costs.
  package var valuePerFailedVisit: Double?
  /// The keys that the file gave.
  package var given: Set<String> = []

  package init() {}

  /// What a visit that waits may be worth where nobody said, dollars: nothing, up to what a click on an advertisement for a
  /// small site is sold for.
  static let assumedValue = Estimate(0.02, 0, 0.05)

  /// Dollars a visit that waits costs: as given, else assumed.
  var waitingValue: Estimate { valuePerColdVisit.map { Estimate($0, $0, $0) } ?? Self.assumedValue }

  /// Dollars a visit costs whose client gave up.
  var failedValue: Estimate { valuePerFailedVisit.map { Estimate($0, $0, $0) } ?? waitingValue }

  package enum DataKind: String, Sendable, CaseIterable {
    /// Lost data comes again by scraping.
    case scrapeable
    case precious
  }

  package enum Remedy: String, Sendable, CaseIterable {
    case untried, applied, refused
  }

  /// Traffic relative to the evidence's at the horizon's start, middle and end.
  var growthFactors: [Double] {
    guard growthPerYear != 0 else { return [1] }
    let years = Double(horizonMonths) / 12
    return [0, 0.5, 1].map { max(0, pow(1 + growthPerYear, $0 * years)) }
  }
}

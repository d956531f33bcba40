import Evidence
import Plans
import Statistics

/// One candidate, priced and held against every limit.
struct Assessment {
  var deployment: Hosting
  /// What is paid a month, bandwidth beyond the allowance included.
  var price: Money
  /// Nil where nothing is known of visits.
  var outlook: SleepOutlook?
  var sleeps: Bool
  var checks: [Check]
  /// Dollars for one visit that waits for a wake, and for one whose client gives up before.
  var waitingValue: Estimate
  var failedValue: Estimate
  /// Expected losses of data, dollars a month.
  var dataCost: Double

  /// Prices, affected visits and lost data, dollars a month; nil where visits are not known and matter.
  var cost: Estimate? {
    let fixed = price.dollars + dataCost
    guard sleeps, max(waitingValue.upper, failedValue.upper) > 0 else { return Estimate(fixed, fixed, fixed) }
    guard let outlook else { return nil }
    typealias Bound = KeyPath<Estimate, Double>
    func cost(_ visits: (affected: Estimate, failed: Estimate?), at bound: Bound, worth: Bound) -> Double {
      let affected = visits.affected[keyPath: bound]
      let failed = min(affected, visits.failed?[keyPath: bound] ?? 0)
      return fixed + waitingValue[keyPath: worth] * (affected - failed) + failedValue[keyPath: worth] * failed
    }
    let visits = (affected: outlook.affectedPerMonth, failed: outlook.failedPerMonth)
    let value = cost(visits, at: \.value, worth: \.value)
    // Assumptions bear neither on each other nor on what was counted: one at its end, all else as expected.
    let counted = outlook.assumed?.asExpected ?? visits
    let ends = [(\Estimate.lower, \Estimate.lower), (\Estimate.upper, \Estimate.upper)].map { bound, worth in
      [cost(counted, at: bound, worth: \.value), cost(counted, at: \.value, worth: worth)]
        + (outlook.assumed.map { [cost($0.byPings, at: bound, worth: \.value)] } ?? [])
    }
    return Estimate(value, ends[0].min() ?? value, ends[1].max() ?? value)
  }

  /// What its affected visits cost a month; nil where visits are not known and matter.
  var visitCost: Estimate? {
    let fixed = price.dollars + dataCost
    return cost.map { Estimate($0.value - fixed, $0.lower - fixed, $0.upper - fixed) }
  }

  var state: Decision.Considered.State {
    if checks.contains(where: { $0.state == .breached }) { return .breached }
    return checks.contains(where: { $0.state == .open }) ? .open : .clear
  }

  /// An open limit is likely not kept.
  var isDoubtful: Bool { checks.contains(where: \.isLikelyBreached) }

  var openChecks: [Check] { checks.filter { $0.state == .open } }
}

/// One limit as one candidate keeps it.
struct Check {
  var limit: Limit
  var state: Decision.Considered.State
  /// In a phrase with its figures: `5.6 % of visits affected, over 5 %`.
  var remark: String
  /// What would settle it, where it is open.
  var missing: Need?
  /// Open, but what is expected breaches it.
  var isLikelyBreached = false

  enum Limit: Int, CaseIterable {
    case data, affected, hours, capacity, memory, alerts, scraping, storage
  }
}

/// Something to find out, with what it takes.
struct Need: Hashable {
  var what: String
  var why: String
  var command: String
  /// The cheapest first: 0 a word of the owner, 1 minutes, 2 an hour's measurement, 3 days of waiting.
  var effort: Int

  var missing: Decision.Missing { .init(what: what, why: why, command: command) }
}

import Evidence
import Plans
import Statistics

/// One candidate, priced and held against every limit.
struct Assessment {
  var deployment: Deployment
  /// What is paid a month, bandwidth beyond the allowance included.
  var price: Money
  /// Nil where nothing is known of visits.
  var outlook: SleepOutlook?
  var sleeps: Bool
  var checks: [Check]
  /// Dollars a month for one affected visit.
  var valuePerColdVisit: Double
  /// Expected losses of data, dollars a month.
  var dataCost: Double

  /// Prices, affected visits and lost data, dollars a month; nil where visits are not known and matter.
  var cost: Interval? {
    let fixed = price.dollars + dataCost
    guard sleeps, valuePerColdVisit > 0 else { return Interval(fixed, fixed, fixed) }
    guard let affected = outlook?.affectedPerMonth else { return nil }
    return Interval(
      fixed + valuePerColdVisit * affected.value, fixed + valuePerColdVisit * affected.lower,
      fixed + valuePerColdVisit * affected.upper)
  }

  var state: Decision.Considered.State {
    if checks.contains(where: { $0.state == .breached }) { return .breached }
    return checks.contains(where: { $0.state == .open }) ? .open : .clear
  }

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

  enum Limit: Int, CaseIterable {
    case data, affected, hours, capacity, alerts, scraping, storage
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

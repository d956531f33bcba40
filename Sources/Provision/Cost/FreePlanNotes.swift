import Plans
import Wording

/// What a free plan costs instead of money.
enum FreePlanNotes {
  /// The hours that free services share, against what keeping all of them awake takes.
  static func hours(services count: Int, keepAwake: Bool, _ catalogue: Catalogue) -> [String] {
    guard let sleep = catalogue.web("free")?.sleep, count > 0 else { return [] }
    let pool = sleep.pooledHoursPerMonth
    // A month on average, and one of 31 days.
    let most = 744 * Double(count)
    let awake = "\(grouped(catalogue.hoursPerMonth * Double(count))) to \(grouped(most)) hours a month"
    let services = count == 1 ? "the free service" : "\(count) free services"
    var notes = [
      "\(grouped(pool)) hours a month are shared by all free services of the workspace; beyond them all are suspended",
      "a free service sleeps after \(grouped(sleep.idleSeconds / 60)) minutes without a request",
    ]
    if most > pool {
      let verdict = keepAwake ? "keep_awake is not possible here" : "not all can be kept awake"
      notes.append("\(services), always awake, would need \(awake), more than \(grouped(pool)): \(verdict)")
    } else {
      notes.append("\(services), always awake, would need \(awake), within \(grouped(pool))")
    }
    return notes
  }

  /// When a database goes away with its data.
  static func expiry(of plan: String, _ catalogue: Catalogue) -> [String] {
    guard let plan = catalogue.database(plan), let days = plan.expiresAfterDays else { return [] }
    let grace = plan.graceDays.map { "; its data is deleted \(CountText.plural($0, "day")) later" } ?? ""
    return [
      "the \(plan.name.lowercased()) database expires \(CountText.plural(days, "day")) after its creation\(grace)"
    ]
  }

  private static func grouped(_ value: Double) -> String { BilledQuantity(approximately: value).text }
}

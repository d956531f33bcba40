import Evidence
import Foundation
import Plans
import Statistics
import Wording

/// Prices candidates and holds them against the limits. Pure.
struct Assessor {
  let inputs: DecisionInputs
  /// Traffic relative to the evidence's, for the search of flips.
  let scale: Double
  let outlooks: Outlooks?
  /// Of the pings that the log already holds, as they came; nil where there are none.
  let pinged: Outlooks?
  let capacity: CapacityEvidence
  let memory: MemoryEvidence
  private let known: KnownOutlooks

  init(_ inputs: DecisionInputs, visits: VisitEvidence, known: KnownOutlooks, scale: Double = 1) {
    self.inputs = inputs
    self.known = known
    self.scale = scale
    outlooks = visits.source.map { Outlooks($0, values: inputs.values, wake: visits.wake, scale: scale) }
    pinged = visits.pinged.map { Outlooks($0, values: inputs.values, wake: visits.wake, scale: scale) }
    capacity = CapacityEvidence(inputs, scale: scale)
    memory = MemoryEvidence(inputs)
  }

  func assess(_ deployment: Hosting) -> Assessment? {
    guard let web = inputs.catalogue.web(deployment.web), let price = price(of: deployment) else { return nil }
    let outlook = web.sleep == nil ? awakeOutlook : sleepOutlook(deployment.keepAwake)
    var checks = [
      data(deployment), storage(deployment), capacity.check(web, cache: deployment.cache), memory.check(web),
    ]
    if let rule = web.sleep {
      checks += [affected(outlook), hours(outlook, rule), alerts(outlook), scraping(outlook)]
    }
    return Assessment(
      deployment: deployment, price: price, outlook: outlook, sleeps: web.sleep != nil,
      checks: checks.compactMap(\.self), waitingValue: inputs.values.waitingValue,
      failedValue: inputs.values.failedValue, dataCost: dataCost(deployment))
  }

  /// For a plan that never sleeps: only how many visit it is asked of the evidence.
  private var awakeOutlook: SleepOutlook? {
    guard let outlooks, let visits = sleepOutlook(.none)?.visitsPerMonth else { return nil }
    return .awake(visits: visits, basis: outlooks.basis, hasAlerts: !inputs.values.alertsAt.isEmpty)
  }

  private func sleepOutlook(_ keepAwake: KeepAwake) -> SleepOutlook? {
    // Pings that came are counted as they came, not supposed.
    if keepAwake == .always, let pinged {
      return known.outlook(pinged.question(.none, isPinged: true)) { pinged.outlook(.none) }
    }
    guard let outlooks else { return nil }
    return known.outlook(outlooks.question(keepAwake)) { outlooks.outlook(keepAwake) }
  }

  // MARK: Prices

  /// Plans, storage beyond what they hold and bandwidth beyond the allowance; nil for a plan that the catalogue lacks.
  func price(of deployment: Hosting) -> Money? {
    guard let web = inputs.catalogue.web(deployment.web) else { return nil }
    var total = web.monthly + (egressOverage ?? .zero)
    if case .plan(let id) = deployment.database {
      guard let plan = inputs.catalogue.database(id) else { return nil }
      let further = max(0, (inputs.values.databaseGigabytes - plan.storageGigabytes).rounded(.up))
      total = total + plan.monthly + (plan.perFurtherGigabyte ?? .zero) * Int(further)
    }
    if let id = deployment.cache {
      guard let plan = inputs.catalogue.cache(id) else { return nil }
      total = total + plan.monthly
    }
    return total.roundedToCents
  }

  var egressGigabytes: Double? {
    inputs.traffic?.egressBytesPerMonth.map { $0 / 1e9 * scale * (inputs.values.growthFactors.max() ?? 1) }
  }

  /// The workspace without a fee.
  var workspace: WorkspacePlan? { inputs.catalogue.workspace.first { $0.monthly == .zero } }

  /// What bandwidth beyond the allowance costs; nil within it.
  var egressOverage: Money? {
    guard let workspace, let gigabytes = egressGigabytes, gigabytes > workspace.bandwidthGigabytes else { return nil }
    return workspace.perFurtherGigabyte * Int((gigabytes - workspace.bandwidthGigabytes).rounded(.up))
  }

  private func dataCost(_ deployment: Hosting) -> Double {
    guard inputs.values.data == .precious, case .plan(let id) = deployment.database,
      let days = inputs.catalogue.database(id)?.expiresAfterDays
    else { return 0 }
    return inputs.values.dataLossValue * SleepOutlook.daysPerMonth / Double(days)
  }

  // MARK: Limits

  private func affected(_ outlook: SleepOutlook?) -> Check {
    guard let outlook else {
      return Check(limit: .affected, state: .open, remark: "visits not known", missing: .visits)
    }
    let text = "\(Figure.percent(outlook.share)) of visits affected"
    guard let most = inputs.values.maxAffected else { return Check(limit: .affected, state: .clear, remark: text) }
    return share(outlook.share, most: most, limit: .affected, text: text)
  }

  private func alerts(_ outlook: SleepOutlook?) -> Check? {
    guard !inputs.values.alertsAt.isEmpty else { return nil }
    guard let late = outlook?.lateAlerts else {
      return Check(
        limit: .alerts, state: .open, remark: "alerts fall due at times of which nothing is known", missing: .visits)
    }
    let text = "\(Figure.percent(late)) of alerts due while asleep"
    guard let most = inputs.values.maxAffected else {
      // Named times are there to be kept: how many may be missed is the owner's to say, unless none is.
      return late.upper <= Self.fewLate
        ? Check(limit: .alerts, state: .clear, remark: text)
        : Check(
          limit: .alerts, state: .open, remark: text,
          missing: Need(
            what: "how many alerts may come late", why: "\(text), and nobody said how many may be",
            command: "max_affected: 5% in \(inputs.names.values)", effort: 0))
    }
    return share(late, most: most, limit: .alerts, text: text)
  }

  /// As good as none.
  private static let fewLate = 0.01

  private func share(_ share: Estimate, most: Double, limit: Check.Limit, text: String) -> Check {
    if share.lower > most {
      return Check(limit: limit, state: .breached, remark: "\(text), over \(Figure.percent(most))")
    }
    if share.upper <= most { return Check(limit: limit, state: .clear, remark: text) }
    return Check(
      limit: limit, state: .open, remark: "\(text): the limit of \(Figure.percent(most)) lies between",
      missing: .moreDays(inputs, why: "the limit of \(Figure.percent(most)) lies within the interval"),
      isLikelyBreached: share.value > most)
  }

  /// Hours of the workspace's other free services: stated, or what is plausible of a service that somebody uses.
  var otherHours: ClosedRange<Double> {
    if let stated = inputs.values.otherServiceHours { return stated...stated }
    let others = Double(max(0, inputs.services - 1))
    return 10 * others...744 * others
  }

  private func hours(_ outlook: SleepOutlook?, _ rule: SleepRule) -> Check {
    let others = otherHours
    let pooled = rule.pooledHoursPerMonth
    let own = outlook?.hours ?? Estimate(372, 0, 744)
    let most = outlook?.hoursAtMost ?? own
    let shown =
      "\(Figure.bare(own.value)) hours a month"
      + (others.upperBound > 0 ? " and those of other services" : "")
    if own.lower + others.lowerBound > pooled {
      return Check(limit: .hours, state: .breached, remark: "\(shown), over the workspace's \(Figure.bare(pooled))")
    }
    if most.upper + others.upperBound <= pooled { return Check(limit: .hours, state: .clear, remark: shown) }
    let isLikelyBreached = most.value + (others.lowerBound + others.upperBound) / 2 > pooled
    guard inputs.values.otherServiceHours == nil, inputs.services > 1 else {
      return Check(
        limit: .hours, state: .open, remark: "\(shown): near the workspace's \(Figure.bare(pooled))",
        missing: .moreDays(inputs, why: "the workspace's \(Figure.bare(pooled)) hours lie within the interval"),
        isLikelyBreached: isLikelyBreached)
    }
    return Check(
      limit: .hours, state: .open, remark: "\(shown), of \(Figure.bare(pooled)) in all",
      missing: Need(
        what: "the running hours of the workspace's other services",
        why: "all free services share \(Figure.bare(pooled)) hours a month",
        command: "other_service_hours: HOURS in \(inputs.names.values) (the dashboard's billing page shows them)",
        effort: 0), isLikelyBreached: isLikelyBreached)
  }

  private func scraping(_ outlook: SleepOutlook?) -> Check? {
    guard let every = inputs.values.scrapeEverySeconds else { return nil }
    guard let longest = outlook?.longestSleep else {
      return Check(limit: .scraping, state: .open, remark: "how long it sleeps is not known", missing: .visits)
    }
    let shown =
      "asleep for up to \(Figure.bare(longest.value / 3_600)) h, to scrape every \(Figure.bare(every / 3_600)) h"
    if longest.lower > every { return Check(limit: .scraping, state: .breached, remark: shown) }
    if longest.upper <= every { return Check(limit: .scraping, state: .clear, remark: shown) }
    return Check(
      limit: .scraping, state: .open, remark: "\(shown), as pings are taken to fail", missing: .pings(inputs))
  }

  private func data(_ deployment: Hosting) -> Check? {
    guard inputs.values.data == .precious else { return nil }
    switch deployment.database {
    case .external: return Check(limit: .data, state: .clear, remark: "data kept elsewhere")
    case .none:
      return Check(limit: .data, state: .breached, remark: "data on a disk that each spin-down and deploy clears")
    case .unsaid:
      return Check(
        limit: .data, state: .open, remark: "where the data is kept is not known",
        missing: Need(
          what: "where the data is kept", why: "the data can't be scraped again",
          command: "outgrown decide … --database free|none|external|PLAN", effort: 0))
    case .plan(let id):
      guard let days = inputs.catalogue.database(id)?.expiresAfterDays else {
        return Check(limit: .data, state: .clear, remark: "data kept on a plan that does not expire")
      }
      return Check(
        limit: .data, state: .breached, remark: "the database expires \(CountText.plural(days, "day")) after creation")
    }
  }

  private func storage(_ deployment: Hosting) -> Check? {
    guard inputs.values.given.contains("database_gb"), case .plan(let id) = deployment.database,
      let plan = inputs.catalogue.database(id), plan.perFurtherGigabyte == nil
    else { return nil }
    let held = inputs.values.databaseGigabytes
    let shown = "\(Figure.bare(held)) GB in \(Figure.bare(plan.storageGigabytes)) GB"
    return Check(limit: .storage, state: held > plan.storageGigabytes ? .breached : .clear, remark: shown)
  }
}

extension Need {
  /// How surely the pinger comes.
  static func pings(_ inputs: DecisionInputs) -> Need {
    Need(
      what: "how often pings fail to come", why: "what pings leave depends on it, and nobody measured it",
      command: "keep_awake_miss: SHARE in \(inputs.names.values), by the pinger's own history", effort: 0)
  }

  /// Nothing is known of who comes when.
  static let visits = Need(
    what: "who comes when", why: "whether sleep matters depends on it",
    command: "outgrown decide … --log access.log (or --traffic traffic.yaml, stated by hand)", effort: 1)

  static func moreDays(_ inputs: DecisionInputs, why: String) -> Need {
    guard let traffic = inputs.traffic, traffic.counted != nil else {
      return Need(
        what: "visits counted rather than stated", why: why,
        command: "outgrown decide … --log access.log", effort: 1)
    }
    let days = Int((traffic.spanSeconds / 86_400).rounded())
    return Need(
      what: "more days of the access log", why: why,
      command: "outgrown decide … --log access.log with \(max(14, days * 2)) days in it rather than \(days)", effort: 3)
  }
}

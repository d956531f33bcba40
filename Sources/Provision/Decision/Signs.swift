import Evidence
import Plans
import Statistics
import Support

/// The scaling guide's five signs, each with its threshold, figure and source, as the deployment is now.
struct Signs {
  private let builder: DecisionBuilder

  init(_ builder: DecisionBuilder) { self.builder = builder }

  private var inputs: DecisionInputs { builder.inputs }

  var all: [Decision.Sign] { [sleep, traffic, data, scraping, features] }

  private func state(_ check: Check?) -> Decision.Sign.State {
    switch check?.state {
    case .breached: .shows
    case .open: .open
    case .clear, nil: .clear
    }
  }

  private func check(_ limit: Check.Limit) -> Check? { builder.now?.checks.first { $0.limit == limit } }

  private func estimate(_ interval: Interval, _ basis: Estimate.Basis) -> Estimate {
    Estimate(
      interval.value, lower: min(interval.lower, interval.value), upper: max(interval.upper, interval.value),
      basis: basis)
  }

  private var sleep: Decision.Sign {
    let limit = Figure.percent(inputs.values.maxAffected)
    let value = inputs.values.valuePerColdVisit
    let threshold =
      "over \(limit) of visits meet a sleeping or waking service, or they cost more than the plan that ends it"
    guard builder.now?.sleeps == true else {
      return .init(
        id: .sleep, state: .clear, finding: "the plan does not sleep", threshold: threshold, figure: nil,
        source: inputs.catalogue.id)
    }
    guard let outlook = builder.now?.outlook else {
      return .init(
        id: .sleep, state: .open, finding: "nothing is known of visits", threshold: threshold, figure: nil, source: nil)
    }
    let share = outlook.share
    let month = outlook.affectedPerMonth
    let price = inputs.catalogue.web.filter { $0.sleep == nil }.map(\.monthly).min() ?? .zero
    let isDear = month.lower * value > price.dollars
    var state = state(check(.affected))
    if isDear { state = .shows }
    return .init(
      id: .sleep, state: state,
      finding: "\(Figure.percent(share.value, share.lower, share.upper)) of visits, "
        + "\(Figure.count(month.value)) a month, \(Figure.dollars(month.value * value)) at \(Figure.dollars(value)) each",
      threshold: threshold, figure: estimate(share, outlook.basis), source: builder.visits.file)
  }

  private var traffic: Decision.Sign {
    let threshold = "more than 100 concurrent users, or a peak beyond the measured capacity"
    guard let peak = builder.capacity.peak else {
      return .init(
        id: .traffic, state: .open, finding: "no peak is known", threshold: threshold, figure: nil, source: nil)
    }
    let users = Concurrency.peak(inputs.traffic)
    let shown = users.map { "at most \(CountText.plural($0, "visitor")) at once, " } ?? ""
    var state = state(check(.capacity))
    if let users, users > 100, state == .clear { state = .shows }
    return .init(
      id: .traffic, state: state,
      finding: "\(shown)\(check(.capacity)?.remark ?? "a peak of \(Figure.bare(peak)) req/s")",
      threshold: threshold,
      figure: users.map { Estimate(exactly: Double($0), basis: .counted) }
        ?? Estimate(exactly: peak, basis: builder.capacity.isPeakCounted ? .counted : .modelled),
      source: builder.visits.file)
  }

  private var data: Decision.Sign {
    let threshold = "data that can't be scraped again on a plan that expires or a disk that is cleared"
    guard inputs.values.data == .precious else {
      return .init(
        id: .data, state: .clear, finding: "the data can be scraped again", threshold: threshold, figure: nil,
        source: inputs.values.given.contains("data") ? inputs.names.values : "assumed")
    }
    let check = check(.data)
    return .init(
      id: .data, state: state(check), finding: check?.remark ?? "", threshold: threshold, figure: nil,
      source: inputs.names.values)
  }

  private var scraping: Decision.Sign {
    let threshold = "asleep for longer than it is to scrape"
    guard let every = inputs.values.scrapeEverySeconds else {
      let longest = (builder.now?.outlook?.longestSleep).flatMap { $0 > 0 ? $0 : nil }
      let shown = longest.map { ", asleep for up to \(Figure.bare($0 / 3_600)) h at a time" } ?? ""
      return .init(
        id: .scraping, state: .clear, finding: "no interval was asked for (scrape_every)\(shown)", threshold: threshold,
        figure: longest.map { Estimate(exactly: $0, basis: .counted) },
        source: longest == nil ? "assumed" : builder.visits.file)
    }
    let check = check(.scraping)
    let longest = builder.now?.outlook?.longestSleep
    return .init(
      id: .scraping, state: state(check),
      finding: check?.remark ?? "awake all the time, to scrape every \(Figure.bare(every / 3_600)) h",
      threshold: threshold,
      figure: longest.map { Estimate(exactly: $0, basis: .counted) }, source: builder.visits.file)
  }

  private var features: Decision.Sign {
    let threshold = "over \(Figure.percent(inputs.values.maxAffected)) of alerts fall due while asleep"
    guard !inputs.values.alertsAt.isEmpty else {
      return .init(
        id: .features, state: .clear, finding: "no alerts were named (alerts_at)", threshold: threshold, figure: nil,
        source: "assumed")
    }
    let check = check(.alerts)
    let late = builder.now?.outlook?.lateAlerts
    return .init(
      id: .features, state: state(check), finding: check?.remark ?? "awake whenever alerts fall due",
      threshold: threshold, figure: late.map { estimate($0, builder.now?.outlook?.basis ?? .assumed) },
      source: builder.visits.file)
  }
}

/// How many visitors are there at once.
enum Concurrency {
  /// The most visits that began within one visit gap: an upper bound for those who are there together, as long as a
  /// visit lasts no longer; nil where visits were not counted.
  static func peak(_ traffic: Traffic?) -> Int? {
    guard let counted = traffic?.counted else { return nil }
    var first = 0
    var most = 0
    for index in counted.visits.indices {
      while counted.visits[index] - counted.visits[first] >= counted.visitGapSeconds { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }
}

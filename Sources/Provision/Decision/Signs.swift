import Evidence
import Plans
import Statistics
import Wording

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

  private func notTold(_ id: Decision.Sign.ID, _ finding: String, _ threshold: String) -> Decision.Sign {
    .init(id: id, state: .notTold, finding: finding, threshold: threshold, figure: nil, source: nil)
  }

  private func check(_ limit: Check.Limit) -> Check? { builder.now?.checks.first { $0.limit == limit } }

  private var sleep: Decision.Sign {
    let value = inputs.values.waitingValue
    let limit = inputs.values.maxAffected
    let price = inputs.catalogue.web.filter { $0.sleep == nil }.map(\.monthly).min() ?? .zero
    let dear = "what visits to a sleeping or waking service cost is more than the \(price) that ends it"
    let threshold =
      limit.map { "over \(Figure.percent($0)) of visits meet one, or \(dear)" } ?? dear
    guard builder.now?.sleeps == true else {
      return .init(
        id: .sleep, state: .clear, finding: "\(web) does not sleep", threshold: threshold, figure: nil,
        source: inputs.catalogue.id)
    }
    guard let outlook = builder.now?.outlook else {
      return .init(
        id: .sleep, state: .open, finding: "nothing is known of visits", threshold: threshold, figure: nil, source: nil)
    }
    let share = outlook.share
    let month = outlook.affectedPerMonth
    let cost = builder.now?.visitCost ?? Estimate(0, 0, 0)
    let state: Decision.Sign.State =
      if cost.lower > price.dollars || check(.affected)?.state == .breached {
        .shows
      } else if cost.upper > price.dollars || check(.affected)?.state == .open {
        .open
      } else {
        limit == nil ? .notTold : .clear
      }
    let most = limit == nil ? "; how many may be is not told (max_affected)" : ""
    return .init(
      id: .sleep, state: state,
      finding: "\(Figure.percent(share.value, share.lower, share.upper)) of visits now, "
        + "\(Figure.count(month.value)) a month, \(Figure.dollars(month.value * value.value)) at "
        + "\(Figure.statedDollars(value.value)) each\(state == .notTold ? most : "")",
      threshold: threshold, figure: share.told(as: outlook.basis), source: builder.visits.file)
  }

  /// What the service's plan is called.
  private var web: String { inputs.catalogue.web(inputs.now.web)?.name ?? inputs.now.web }

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
    guard inputs.values.given.contains("data") || inputs.values.data == .precious else {
      return notTold(.data, "whether its data can be had again was not told (data)", threshold)
    }
    guard inputs.values.data == .precious else {
      return .init(
        id: .data, state: .clear, finding: "its data can be had again", threshold: threshold, figure: nil,
        source: inputs.names.values)
    }
    let check = check(.data)
    return .init(
      id: .data, state: state(check), finding: check?.remark ?? "its data lies where it stays", threshold: threshold,
      figure: nil,
      source: inputs.names.values)
  }

  private var scraping: Decision.Sign {
    let threshold = "it sleeps for longer than the time between two scrapes"
    guard let every = inputs.values.scrapeEverySeconds else {
      var sign = notTold(.scraping, "how often it is to act by itself was not told (scrape_every)", threshold)
      if builder.now?.sleeps == true, let longest = builder.now?.outlook?.longestSleep?.value, longest > 0 {
        sign.finding += "; it sleeps for up to \(Figure.bare(longest / 3_600)) h at a time"
        sign.figure = Estimate(exactly: longest, basis: .counted)
        sign.source = builder.visits.file
      }
      return sign
    }
    let check = check(.scraping)
    let longest = builder.now?.outlook?.longestSleep?.value
    return .init(
      id: .scraping, state: state(check),
      finding: check?.remark ?? "awake all the time, to scrape every \(Figure.bare(every / 3_600)) h",
      threshold: threshold,
      figure: longest.map { Estimate(exactly: $0, basis: .counted) }, source: builder.visits.file)
  }

  private var features: Decision.Sign {
    let most = inputs.values.maxAffected.map { "over \(Figure.percent($0))" } ?? "more than may be (max_affected)"
    let threshold = "\(most) of alerts fall due while asleep"
    guard !inputs.values.alertsAt.isEmpty else {
      return notTold(.features, "when it sends alerts by itself was not told (alerts_at)", threshold)
    }
    let check = check(.alerts)
    let late = builder.now?.outlook?.lateAlerts
    return .init(
      id: .features, state: state(check), finding: check?.remark ?? "awake whenever alerts fall due",
      threshold: threshold, figure: late.map { $0.told(as: builder.now?.outlook?.basis ?? .assumed) },
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

package import Evidence
import Statistics
package import Terminal
import Wording

/// From the first look to the answer: a search finds about where the budgets break, and rounds of repeated trials in random
/// order say how sure that is. Pure: it says what to try next and is told what came of it.
package struct CapacityCourse: Sendable {
  package struct Settings: Sendable {
    package var unit: CapacityReport.Unit
    /// Where to look first.
    package var start: Double
    /// No higher load is tried.
    package var highest: Double
    package var rounds = 3
    /// How many loads each round has.
    package var rungs = 5
    /// Each load over the one below it.
    package var step = 1.03
    /// Of the rounds' order.
    package var seed: UInt64

    package init(unit: CapacityReport.Unit, start: Double, highest: Double, seed: UInt64) {
      self.unit = unit
      self.start = start
      self.highest = highest
      self.seed = seed
    }
  }

  package struct Trial: Sendable, Equatable {
    package var load: Double
    package var stage: CapacityReport.Trial.Stage
  }

  /// Why it ends before everything was tried.
  package enum Cut: Sendable, Equatable {
    case timeRanOut, interrupted
    /// After an overload; in words.
    case notDrained(String)
  }

  package let settings: Settings
  private var search: CapacitySearch
  private var confirmation: CapacityConfirmation?
  private var isOver = false
  private var cut: Cut?
  package private(set) var trials: [CapacityReport.Trial] = []
  private var generatorReason: String?
  /// Budgets that had a sample in some trial, and those that had none in any trial of a load.
  private var seen: Set<String> = []
  private var unseen: Set<String> = []
  private var unseenAt: [Double: Set<String>] = [:]
  private var wasAnswered = false

  /// How often a load's disturbed trials were made again.
  private var repeats: [Double: Int] = [:]
  private static let mostRepeats = 2

  /// How near the search comes; the rounds' loads reach as far to either side.
  private static let resolution = 0.06

  package init(_ settings: Settings) {
    self.settings = settings
    search = CapacitySearch(
      start: settings.start, highest: settings.highest, resolution: Self.resolution,
      isWhole: settings.unit == .users)
  }

  /// Nil when all is said that can be.
  package var next: Trial? {
    guard !isOver, cut == nil else { return nil }
    if let confirmation { return confirmation.next.map { Trial(load: $0, stage: .confirm) } }
    return search.trial.map { Trial(load: $0.rate, stage: $0.isLong ? .search : .look) }
  }

  /// Takes the outcome of `next`.
  package mutating func record(_ outcome: LoadTrial.Outcome, budgets: Set<String>) {
    guard let trial = next else { return }
    let isAgain =
      outcome.isDisturbed && outcome.verdict == .broke && repeats[trial.load, default: 0] < Self.mostRepeats
    trials.append(
      CapacityReport.Trial(
        load: trial.load, stage: trial.stage, outcome: isAgain ? .disturbed : Self.word(outcome.verdict),
        broken: outcome.broken,
        p95Milliseconds: outcome.p95Milliseconds, failedShare: outcome.failedShare,
        measuredSeconds: outcome.measuredSeconds))
    if isAgain {
      repeats[trial.load, default: 0] += 1
      confirmation?.postpone()
      return
    }
    if let reason = outcome.generatorBound { generatorReason = reason }
    if !outcome.neverAnswered { wasAnswered = true }
    seen.formUnion(budgets.subtracting(outcome.unseen))
    unseen.formUnion(outcome.unseen)
    if trial.stage != .look {
      unseenAt[trial.load] = (unseenAt[trial.load] ?? outcome.unseen).intersection(outcome.unseen)
    }
    if confirmation != nil {
      confirmation?.record(outcome.verdict)
    } else {
      search.record(outcome.verdict)
      if search.trial == nil { beginConfirmation() }
    }
  }

  /// Ends it with what is known.
  package mutating func end(_ cut: Cut) { if next != nil { self.cut = cut } }

  private mutating func beginConfirmation() {
    guard let lower = search.lower, unseen.isSubset(of: seen) else {
      isOver = true
      return
    }
    let highest = min(settings.highest, search.ceiling.map { $0 / settings.step } ?? .infinity)
    let isWhole = settings.unit == .users
    let ladder = LoadLadder(
      step: settings.step, lowest: isWhole ? 1 : CapacitySearch.lowestRate,
      highest: max(lower, isWhole ? highest.rounded(.down) : highest), isWhole: isWhole)
    confirmation = CapacityConfirmation(
      around: search.upper.map { (lower * $0).squareRoot() } ?? lower, rungs: settings.rungs, rounds: settings.rounds,
      ladder: ladder, seed: settings.seed)
  }

  private static func word(_ outcome: CapacitySearch.Outcome) -> CapacityReport.Trial.Outcome {
    switch outcome {
    case .held: .held
    case .broke: .broke
    case .notOffered: .notOffered
    }
  }

  // MARK: What came of it

  package struct Conclusion: Sendable, Equatable {
    package var outcome: CapacityReport.Outcome
    package var capacity: CapacityReport.Capacity?
    package var reason: String
    package var loads: [CapacityReport.Load]
    package var warnings: [String] = []
    package var exitStatus: ExitStatus
  }

  package var conclusion: Conclusion {
    let (counts, areRounds) = judgedCounts
    let answer = CapacityAnswer(counts, fewest: confirmation?.fewest ?? min(2, settings.rounds))
    var conclusion = Conclusion(outcome: .found, reason: "", loads: loads(counts), exitStatus: .pass)
    conclusion.capacity = answer.map { .init(value: $0.load, lower: $0.lower, upper: $0.upper) }
    conclusion.warnings = warnings(answer, areRounds: areRounds)
    (conclusion.outcome, conclusion.reason) = judge(answer)
    if [.noData, .nothingHeld, .neverAnswered, .undecided].contains(conclusion.outcome) { conclusion.capacity = nil }
    conclusion.exitStatus = Self.exitStatus(of: conclusion.outcome)
    return conclusion
  }

  package static func exitStatus(of outcome: CapacityReport.Outcome) -> ExitStatus {
    switch outcome {
    case .found, .atLeast: .pass
    case .generatorBound: .generatorBound
    case .nothingHeld: .notMet
    case .noData, .undecided: .noData
    case .neverAnswered: .targetNeverAnswered
    case .interrupted: .interrupted
    }
  }

  /// The rounds' own, once every load has been tried in them and something held; before that all full trials.
  private var judgedCounts: (counts: [CapacityAnswer.Count], areRounds: Bool) {
    if let confirmation, confirmation.hasRound, CapacityAnswer(confirmation.counts, fewest: 1) != nil {
      return (confirmation.counts, true)
    }
    var tally: [Double: CapacityAnswer.Count] = [:]
    for trial in trials where trial.stage != .look && [.held, .broke].contains(trial.outcome) {
      var count = tally[trial.load] ?? .init(load: trial.load, tried: 0, held: 0)
      count.tried += 1
      if trial.outcome == .held { count.held += 1 }
      tally[trial.load] = count
    }
    return (tally.values.sorted { $0.load < $1.load }, false)
  }

  private func loads(_ counts: [CapacityAnswer.Count]) -> [CapacityReport.Load] {
    zip(counts, CapacityAnswer.fitted(counts)).map { count, fitted in
      let times = trials.filter { $0.load == count.load && $0.stage != .look && [.held, .broke].contains($0.outcome) }
        .map { $0.p95Milliseconds ?? .infinity }
      let middle = SortedSample(times).median.flatMap { $0.isFinite ? $0 : nil }
      return CapacityReport.Load(
        load: count.load, tried: count.tried, held: count.held, fitted: fitted, p95Milliseconds: middle)
    }
  }

  private func judge(_ answer: CapacityAnswer?) -> (CapacityReport.Outcome, String) {
    if cut == .interrupted { return (.interrupted, "interrupted after \(CountText.plural(trials.count, "trial"))") }
    if !trials.isEmpty, !wasAnswered { return (.neverAnswered, "not one request got a complete HTTP answer") }
    guard let answer else { return judgeNothing() }
    let blind = unseenAt[answer.load] ?? []
    if let budget = blind.union(unseen.subtracting(seen)).min() {
      return (
        .noData,
        "nothing was seen of the budget '\(budget)' at \(text(answer.load)), where all others hold: does a journey "
          + "reach it?"
      )
    }
    if answer.upper == nil, let ceiling = confirmation?.ceiling ?? search.ceiling {
      return (
        .generatorBound,
        "the load generator could not offer \(text(ceiling)): \(generatorReason ?? "it was out of CPU")"
      )
    }
    if answer.upper == nil, answer.load == settings.highest {
      let option = settings.unit == .users ? "--max-users" : "--max-rate"
      return (.atLeast, "the highest load that was asked for held: raise \(option) to find its end")
    }
    return (.found, broke(above: answer.load) ?? "")
  }

  private func judgeNothing() -> (CapacityReport.Outcome, String) {
    switch cut {
    case .timeRanOut: return (.undecided, "time ran out before a full trial held")
    case .notDrained(let words): return (.undecided, words)
    case .interrupted, nil: break
    }
    if search.lower != nil { return (.undecided, "what held once did not hold again: the service changes") }
    if search.upper == nil, let ceiling = search.ceiling {
      return (
        .generatorBound,
        "the load generator could not offer \(text(ceiling)): \(generatorReason ?? "it was out of CPU")"
      )
    }
    return (.nothingHeld, broke(above: 0) ?? "no load held")
  }

  /// `at 430/s response_time: p(95) < 300ms was 812 ms`: the lowest load above that broke.
  private func broke(above load: Double) -> String? {
    let broken = trials.filter { $0.outcome == .broke && $0.load > load }
    let full = broken.filter { $0.stage != .look }
    guard let lowest = (full.isEmpty ? broken : full).min(by: { $0.load < $1.load }) else { return nil }
    let words = lowest.broken.first ?? "it could not hold any more"
    return "at \(text(lowest.load)) \(words)"
  }

  private func warnings(_ answer: CapacityAnswer?, areRounds: Bool) -> [String] {
    var warnings: [String] = []
    switch cut {
    case .timeRanOut:
      let rest = areRounds ? "the interval is what was shown until then" : "no round of repeated trials was complete"
      warnings.append("time ran out (--max-time) after \(CountText.plural(trials.count, "trial")): \(rest)")
    case .notDrained(let words): warnings.append(words)
    case .interrupted, nil: break
    }
    let disturbed = trials.count { $0.outcome == .disturbed }
    if disturbed > 0 {
      let last = repeats.values.contains(Self.mostRepeats) ? ", some of them in vain" : ""
      warnings.append(
        "\(CountText.plural(disturbed, "trial")) broke while this machine had no time for a timer that does nothing "
          + "else, and \(disturbed == 1 ? "was" : "were") made again\(last)")
    }
    if answer?.lower == 0 { warnings.append("no load held in all of its trials: the interval has no lower end") }
    if answer != nil, answer?.upper == nil, cut == nil, answer?.load != settings.highest,
      confirmation?.ceiling == nil, search.ceiling == nil
    {
      warnings.append("no load failed in all of its trials: the interval has no upper end")
    }
    return warnings
  }

  private func text(_ load: Double) -> String { CapacityText.load(load, settings.unit) }
}

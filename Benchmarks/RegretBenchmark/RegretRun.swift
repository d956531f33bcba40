import Evidence
import Foundation
import Plans
import ProvisionDecision
import Statistics

/// Owners by the hundred, each decided on and judged by the year that followed.
struct RegretRun {
  struct Outcome {
    var seed: UInt64
    var index: Int
    var kind: SimulatedOwner.Kind
    /// The value of a cold visit over that at which the best remedy and Starter cost the same.
    var toBreakEven: Double
    var verdict: Decision.Verdict
    var chosen: String
    var best: String
    var isWrong: Bool
    var regret: Double
    var alwaysStarter: Double
    var alwaysStay: Double
    var alwaysKeepAwake: Double
    var why = ""

    var isConclusive: Bool { verdict != .inconclusive }
    var isNear: Bool { abs(toBreakEven - 1) <= 0.3 }
  }

  private(set) var outcomes: [Outcome] = []

  /// More than this a year over the best is a wrong answer.
  static let tolerance = 12.0

  init(seeds: some Sequence<UInt64>, owners: Int, catalogue: Catalogue) {
    for seed in seeds {
      for index in 0..<owners {
        outcomes.append(Self.outcome(seed: seed, index: index, catalogue))
      }
    }
  }

  private static func outcome(seed: UInt64, index: Int, _ catalogue: Catalogue) -> Outcome {
    var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(index))
    var owner = SimulatedOwner(&generator)
    var truth = Hindsight(owner, catalogue, &generator)
    // Break-even: where the visits that the best remedy leaves affected cost as much as Starter.
    let way = remedy(owner, &truth)
    let affected = max(1, Double(truth.sleep(way).affected))
    let breakEven = 84 / affected
    let isNear = generator.unit() < 0.4
    let factor = isNear ? 0.7 + 0.6 * generator.unit() : exp(log(0.05) + (log(20) - log(0.05)) * generator.unit())
    owner.valuePerColdVisit = breakEven * factor
    truth = Hindsight(owner, catalogue, keeping: truth)

    let decision = Decider(owner.inputs(catalogue)).decide()
    let best = truth.best()
    let place = truth.place
    let stay = Deployment(web: "free", database: place)
    let chosen = decision.deployment ?? stay
    let regret = truth.regret(of: chosen, best: best)
    let isOut = truth.cost(of: chosen).isOut
    // Each baseline takes the better database where the data is precious: it is about the web plan.
    let database: Deployment.Database = owner.isDataPrecious && place != .external ? .plan("basic-256mb") : place
    let awake = Deployment(web: "free", database: database, keepAwake: owner.keepAwakeIsAllowed ? .always : .none)
    return Outcome(
      seed: seed, index: index, kind: owner.kind, toBreakEven: factor, verdict: decision.verdict, chosen: chosen.id,
      best: best.deployment.id, isWrong: decision.verdict != .inconclusive && (isOut || regret > tolerance),
      regret: regret, alwaysStarter: truth.regret(of: Deployment(web: "starter", database: database), best: best),
      alwaysStay: truth.regret(of: Deployment(web: "free", database: database), best: best),
      alwaysKeepAwake: truth.regret(of: awake, best: best),
      why: "max \(owner.maxAffected) share \(truth.sleep(chosen.keepAwake).share) other \(owner.otherHours)")
  }

  /// The remedy that costs nothing and leaves fewest visits affected.
  private static func remedy(_ owner: SimulatedOwner, _ truth: inout Hindsight) -> KeepAwake {
    guard owner.keepAwakeIsAllowed else { return .none }
    return owner.otherHours <= 6 ? .always : .none
  }

  // MARK: Figures

  private func mean(_ value: (Outcome) -> Double) -> Double {
    outcomes.isEmpty ? 0 : outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
  }

  var conclusiveShare: Double { mean { $0.isConclusive ? 1 : 0 } }
  var nearShare: Double { mean { $0.isNear ? 1 : 0 } }
  var conclusiveNearShare: Double {
    let near = outcomes.filter(\.isNear)
    return near.isEmpty ? 0 : Double(near.filter(\.isConclusive).count) / Double(near.count)
  }
  var wrongShare: Double {
    let conclusive = outcomes.filter(\.isConclusive)
    return conclusive.isEmpty ? 0 : Double(conclusive.filter(\.isWrong).count) / Double(conclusive.count)
  }
  /// Of all owners; an inconclusive answer follows the candidate that looked best.
  var regret: Double { mean { $0.regret } }
  var alwaysStarter: Double { mean { $0.alwaysStarter } }
  var alwaysStay: Double { mean { $0.alwaysStay } }
  var alwaysKeepAwake: Double { mean { $0.alwaysKeepAwake } }

  /// At most one in twenty conclusive answers wrong, seven in ten conclusive, six dollars of regret a year at most and
  /// less than any fixed habit's, with three in ten owners near break-even.
  var isAsPromised: Bool {
    nearShare >= 0.3 && wrongShare <= 0.05 && conclusiveShare >= 0.7 && regret <= 6
      && regret < min(alwaysStarter, alwaysStay, alwaysKeepAwake)
  }
}

extension Hindsight {
  /// The same year for the same owner at another value.
  init(_ owner: SimulatedOwner, _ catalogue: Catalogue, keeping other: Hindsight) {
    self = other
    self.owner = owner
  }
}

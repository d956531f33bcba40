import Evidence
import Foundation
import Plans
import ProvisionDecision
import Statistics

/// Owners by the hundred, each decided on, asked once where the answer was open, and judged by the year that followed.
struct RegretRun {
  struct Outcome {
    var seed: UInt64
    var index: Int
    /// The value of a cold visit over that at which the best remedy and Starter cost the same; nil where no value makes
    /// them so.
    var toBreakEven: Double?
    var judgement: Judgement
    /// After the one question; as before where there was none, or the simulation does not know.
    var afterwards: Judgement
    var wasAnswered: Bool
    var coverage: Coverage?
    var best: String
    var alwaysStarter: Double
    var alwaysStay: Double
    var alwaysKeepAwake: Double
    var groups: [OwnerGroup]
    /// What one should know to understand a wrong answer.
    var why: String
    var whyAfterwards: String

    var isNear: Bool { toBreakEven.map { abs($0 - 1) <= 0.3 } ?? false }
    var isBeyond: Bool { toBreakEven.map { abs($0 - 1) > 0.5 } ?? true }
  }

  private(set) var outcomes: [Outcome] = []

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
    let toBreakEven = owner.draw(breakEven: truth.breakEven(), &generator)
    truth.owner = owner
    let best = truth.best()

    var inputs = owner.inputs(catalogue)
    let answer = Answer(inputs)
    let judgement = truth.judge(answer, best: best)
    var afterwards = judgement
    var wasAnswered = false
    if !answer.isConclusive, let key = answer.question, owner.answer(key, &inputs) {
      wasAnswered = true
      afterwards = truth.judge(Answer(inputs), best: best)
    }
    // Each habit takes the better database where the data is precious: it is about the web plan.
    let database: Hosting.Database =
      owner.isDataPrecious && owner.place != .external ? .plan("basic-256mb") : owner.place
    func habit(_ web: String, _ keepAwake: KeepAwake = .none) -> Double {
      truth.regret(of: Hosting(web: web, database: database, keepAwake: keepAwake), best: best)
    }
    let coverage = truth.coverage(answer, &generator)
    return Outcome(
      seed: seed, index: index, toBreakEven: toBreakEven, judgement: judgement, afterwards: afterwards,
      wasAnswered: wasAnswered, coverage: coverage, best: best.deployment.id, alwaysStarter: habit("starter"),
      alwaysStay: habit(owner.load.plan), alwaysKeepAwake: habit("free", owner.keepAwakeIsAllowed ? .always : .none),
      groups: OwnerGroup.of(owner, judgement),
      why: truth.story(of: judgement.chosen, coverage),
      whyAfterwards: truth.story(of: afterwards.chosen, nil))
  }

  // MARK: Figures

  private func share(of part: [Outcome], _ isCounted: (Outcome) -> Bool) -> Double {
    part.isEmpty ? 0 : Double(part.filter(isCounted).count) / Double(part.count)
  }

  private func mean(_ value: (Outcome) -> Double) -> Double {
    outcomes.isEmpty ? 0 : outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
  }

  var nearShare: Double { share(of: outcomes, \.isNear) }
  var conclusiveShare: Double { share(of: outcomes, \.judgement.isConclusive) }
  var conclusiveNearShare: Double { share(of: outcomes.filter(\.isNear), \.judgement.isConclusive) }
  var conclusiveBeyondShare: Double { share(of: outcomes.filter(\.isBeyond), \.judgement.isConclusive) }
  var conclusiveAfterwardsShare: Double { share(of: outcomes, \.afterwards.isConclusive) }
  var wrongShare: Double { share(of: outcomes.filter(\.judgement.isConclusive), \.judgement.isWrong) }
  var wrongAfterwardsShare: Double { share(of: outcomes.filter(\.afterwards.isConclusive), \.afterwards.isWrong) }
  /// Of all owners; an inconclusive answer follows the candidate that looked best.
  var regret: Double { mean(\.judgement.regret) }
  var regretAfterwards: Double { mean(\.afterwards.regret) }
  /// The part of the regret that no evidence could have spared.
  var unprovableRegret: Double { mean { $0.judgement.isUnprovable ? $0.judgement.regret : 0 } }
  var alwaysStarter: Double { mean(\.alwaysStarter) }
  var alwaysStay: Double { mean(\.alwaysStay) }
  var alwaysKeepAwake: Double { mean(\.alwaysKeepAwake) }

  var coverage: Double { share(of: covered, Self.isCovered) }
  /// What bounds without any width would cover.
  var chanceCoverage: Double { share(of: covered) { $0.coverage?.isWithinChance ?? false } }
  /// What the true value would, without any width: 95 % where the year's chance is told rightly.
  var truthCoverage: Double { share(of: covered) { $0.coverage?.isTrueWithinChance ?? false } }
  private var covered: [Outcome] { outcomes.filter { $0.coverage != nil } }
  private static func isCovered(_ outcome: Outcome) -> Bool { outcome.coverage?.isCovered ?? false }

  /// Each group, in order, with its outcomes.
  var groups: [(group: OwnerGroup, outcomes: [Outcome])] {
    Dictionary(grouping: outcomes.flatMap { outcome in outcome.groups.map { ($0, outcome) } }, by: \.0)
      .map { ($0.key, $0.value.map(\.1)) }.sorted { $0.0 < $1.0 }
  }

  /// Groups of at least this many owners with a sleeping candidate are judged by themselves.
  static let leastGroup = 400

  /// The worst group's, of those that are large enough; nil where none is.
  var leastGroupCoverage: (group: OwnerGroup, share: Double)? {
    groups.compactMap { group, outcomes -> (group: OwnerGroup, share: Double)? in
      let covered = outcomes.filter { $0.coverage != nil }
      return covered.count >= Self.leastGroup ? (group, share(of: covered, Self.isCovered)) : nil
    }.min { $0.share < $1.share }
  }
}

import Evidence
import Plans
import ProvisionDecision

/// One answer, by the year that followed.
struct Judgement {
  var verdict: Decision.Verdict
  var chosen: Hosting
  var isWrong: Bool
  /// Dollars over the best in hindsight.
  var regret: Double
  /// A cheaper plan would have done, which no evidence could have shown: no wrong answer, but its price is regretted.
  var isUnprovable: Bool
  /// Of the chosen one.
  var breaches: [String]
  var question: String?
  /// Why it is open.
  var missing: String?

  var isConclusive: Bool { verdict != .inconclusive }

  /// More than this a year over the best is a wrong answer.
  static let tolerance = 12.0
}

extension Hindsight {
  /// - Parameter best: in hindsight.
  mutating func judge(_ answer: Answer, best: (deployment: Hosting, dollars: Double)) -> Judgement {
    let chosen = answer.deployment ?? owner.now
    let cost = cost(of: chosen)
    let regret = regret(of: chosen, best: best)
    var over = cost.dollars - best.dollars
    if answer.verdict == .downgrade {
      // One step down is no mistake where two were to be had.
      let staying = self.cost(of: owner.now)
      if !staying.isOut { over = cost.dollars - staying.dollars }
    } else {
      over = cost.dollars - leastShown()
    }
    let isWrong = cost.isOut || over > Judgement.tolerance
    return Judgement(
      verdict: answer.verdict, chosen: chosen, isWrong: answer.isConclusive && isWrong, regret: regret,
      isUnprovable: answer.isConclusive && !isWrong && regret > Judgement.tolerance, breaches: cost.breaches,
      question: answer.question, missing: answer.missing)
  }
}

extension Hindsight {
  /// The least that the year could have cost by what evidence could have shown: cheaper plans than the one it is on only
  /// where both capacity and memory were measured and hold with room to spare, the owner said what a visit is worth, how
  /// long other services run and, where it is kept awake, how the pinger fails, and a log can tell that sleep costs less
  /// than Starter.
  private mutating func leastShown() -> Double {
    let floor = catalogue.web(owner.load.plan)?.monthly ?? .zero
    let clear = breakEven().map { owner.valuePerColdVisit < $0 / 2 } ?? false
    return least { deployment, catalogue, owner in
      guard let plan = catalogue.web(deployment.web), plan.monthly < floor else { return true }
      let load = owner.load
      let memory = load.memoryMegabytes * max(1, load.seenMemory)
      guard load.evidence == .all, memory <= 0.8 * (SimulatedLoad.memory[plan.id] ?? .infinity),
        load.capacity(plan.id) * load.tried >= owner.minutes.peak(requestsPerVisit: load.requestsPerVisit)
      else { return false }
      guard plan.sleep != nil else { return true }
      guard clear, owner.saysValue, owner.services == 1 || owner.saysOtherHours else { return false }
      return deployment.keepAwake == .none || owner.pinger.said == .history
    }
  }
}

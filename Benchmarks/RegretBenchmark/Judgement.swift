import Evidence
import Plans
import ProvisionDecision

/// One answer, by the year that followed.
struct Judgement {
  var verdict: Decision.Verdict
  var chosen: Deployment
  var isWrong: Bool
  /// Dollars over the best in hindsight.
  var regret: Double
  /// A cheaper plan would have done, which no evidence could have shown: no wrong answer, but its price is regretted.
  var isUnprovable: Bool
  /// Of the chosen one.
  var breaches: [String]
  var question: String?

  var isConclusive: Bool { verdict != .inconclusive }

  /// More than this a year over the best is a wrong answer.
  static let tolerance = 12.0
}

extension Hindsight {
  /// - Parameter best: in hindsight.
  mutating func judge(_ answer: Answer, best: (deployment: Deployment, dollars: Double)) -> Judgement {
    let chosen = answer.deployment ?? owner.now
    let cost = cost(of: chosen)
    let regret = regret(of: chosen, best: best)
    var over = cost.dollars - best.dollars
    if answer.verdict == .downgrade {
      // One step down is no mistake where two were to be had.
      let staying = self.cost(of: owner.now)
      if !staying.isOut { over = cost.dollars - staying.dollars }
    } else if let shown = leastWithoutProof(best) {
      over = cost.dollars - shown
    }
    let isWrong = cost.isOut || over > Judgement.tolerance
    return Judgement(
      verdict: answer.verdict, chosen: chosen, isWrong: answer.isConclusive && isWrong, regret: regret,
      isUnprovable: answer.isConclusive && !isWrong && regret > Judgement.tolerance, breaches: cost.breaches,
      question: answer.question)
  }
}

extension Hindsight {
  /// What the year would have cost at least on the plan that the service is on or a dearer one, where no evidence could
  /// have shown that the best plan, a cheaper one, would do; nil where it could, or the best is no cheaper plan.
  private mutating func leastWithoutProof(_ best: (deployment: Deployment, dollars: Double)) -> Double? {
    let plan = best.deployment.web
    guard let now = catalogue.web(owner.load.plan), let cheaper = catalogue.web(plan), cheaper.monthly < now.monthly,
      !couldBeShown(plan)
    else { return nil }
    return least(from: now.monthly)
  }

  /// Both its capacity and its memory were measured and hold with room to spare, and a log can tell that sleep costs less
  /// than Starter.
  private mutating func couldBeShown(_ plan: String) -> Bool {
    let load = owner.load
    let memory = load.memoryMegabytes * max(1, load.seenMemory)
    guard load.evidence == .all, memory <= 0.8 * (SimulatedLoad.memory[plan] ?? .infinity),
      load.capacity(plan) * load.tried >= owner.minutes.peak(requestsPerVisit: load.requestsPerVisit)
    else { return false }
    guard plan == "free", let breakEven = breakEven() else { return true }
    return owner.valuePerColdVisit < breakEven / 2
  }
}

import Evidence
import ProvisionDecision

/// Single owners, by what went wrong with their answers, a line each: seed/index, so that one can be looked at alone.
struct OutcomeList {
  private let run: RegretRun

  init(_ run: RegretRun) { self.run = run }

  /// Wrong at first or after the one question.
  var wrong: String {
    run.outcomes.filter { $0.judgement.isWrong || $0.afterwards.isWrong }.map { outcome in
      let judged = outcome.judgement.isWrong ? outcome.judgement : outcome.afterwards
      let asked = outcome.judgement.isWrong ? "" : " after \(outcome.judgement.question ?? "")"
      let why = outcome.judgement.isWrong ? outcome.why : outcome.whyAfterwards
      return "wrong\(asked) \(line(outcome, judged, why))"
    }.joined(separator: "\n")
  }

  /// With what each would ask, and whether that settled it.
  var open: String {
    run.outcomes.filter { !$0.judgement.isConclusive }.map { outcome in
      let then =
        outcome.wasAnswered ? "then \(outcome.afterwards.verdict.rawValue)" : "not asked"
      return
        "open \(outcome.judgement.question ?? "no question") \(then) \(line(outcome, outcome.judgement, outcome.why))"
    }.joined(separator: "\n")
  }

  var uncovered: String {
    run.outcomes.filter { $0.coverage.map { !$0.isCovered } ?? false }.map { outcome in
      "uncovered \(line(outcome, outcome.judgement, outcome.why))"
    }.joined(separator: "\n")
  }

  private func line(_ outcome: RegretRun.Outcome, _ judged: Judgement, _ why: String) -> String {
    let breaches = judged.breaches.isEmpty ? "" : " breaches \(judged.breaches.joined(separator: "+"))"
    let factor = outcome.toBreakEven.map { "×\(Self.short($0))" } ?? "×–"
    let groups = outcome.groups.filter { !["verdict", "candidate", "wake", "memory"].contains($0.kind) }.map(\.name)
    return
      "\(outcome.seed)/\(outcome.index) \(factor) \(judged.verdict.rawValue) \(judged.chosen.id) best \(outcome.best) "
      + "regret \(Self.short(judged.regret))\(breaches)\(judged.missing.map { " (\($0))" } ?? "") | \(why) | \(groups.joined(separator: ", "))"
  }

  static func short(_ value: Double) -> String {
    abs(value) >= 100 ? "\(Int(value.rounded()))" : "\((value * 1_000).rounded() / 1_000)"
  }
}

extension Hindsight {
  /// What one should know to understand an answer.
  mutating func story(of deployment: Hosting, _ coverage: Coverage?) -> String {
    func short(_ value: Double) -> String { OutcomeList.short(value) }
    let sleep = sleep(deployment.keepAwake)
    var parts = [
      "value \(short(owner.valuePerColdVisit))", "visits \(sleep.visits)", "affected \(sleep.waited)+\(sleep.failed)",
      "share \(short(sleep.share)) of \(short(owner.maxAffected))",
    ]
    if owner.keepAwakeIsAllowed {
      parts.append("miss \(short(owner.pinger.miss)) outages \(short(owner.pinger.outageHoursPerMonth)) h")
    }
    if owner.services > 1 {
      parts.append("hours \(short(sleep.hours.max() ?? 0)) + \(short(owner.otherHours))")
    }
    parts.append("growth \(short(owner.traffic.growthPerYear))")
    if owner.load.plan != "free" || owner.load.killsPerMonth > 0 {
      parts.append("\(short(owner.load.memoryMegabytes)) MB, free takes \(short(owner.load.capacity("free"))) req/s")
    }
    if let coverage {
      parts.append(
        "$ \(short(coverage.value)) [\(short(coverage.lower))–\(short(coverage.upper))] seen \(short(coverage.seen)) "
          + "− \(short(coverage.chance.below)) + \(short(coverage.chance.above))")
    }
    return parts.joined(separator: ", ")
  }
}

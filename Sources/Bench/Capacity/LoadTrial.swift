import BenchEngine
import BenchScenario
import BenchVerdict
import Foundation
import Histograms
import Measures
import Wording

/// One constant rate against a service's own port, judged by the scenario's budgets.
struct LoadTrial {
  let scenario: RateScenario
  let variables: [String: String]
  let target: TargetURL
  let control: LoadEngine.Control

  struct Outcome {
    var rate: Double
    var holds: Bool
    /// Why the generator could not offer the rate.
    var generatorBound: String?
    var hostWarning: String?
    /// Budgets that did not hold, in words: `response_time: p(95) < 300ms was 812 ms`.
    var broken: [String]
    var brokeOnTime: Bool
    var p95Milliseconds: Double?
    var failedShare: Double
    /// After the warm-up.
    var measuredSeconds: Double
    /// The first failure's words.
    var failureSample: String?
  }

  /// Blocks for the trial's time, or until it can't hold any more.
  /// - Parameter isAlive: asked once a second; a service that has died ends the trial.
  func run(
    rate: Double, warmUp: Duration, measured: Duration, isAlive: () -> Bool
  ) throws -> Outcome {
    let plan = try scenario.plan(
      rate: rate, warmUp: warmUp, measured: measured, target: target, variables: variables,
      secondsSince1970: Int64(Date().timeIntervalSince1970))
    try Preflight.requireResources(for: plan)
    var watch = BudgetWatch(budgets: scenario.budgets, plan: plan)
    var isHopeless = false
    let address = try SocketAddress.resolve(host: target.host, port: target.port)
    guard let address = address.first else { throw EngineError(.unresolvable, "\(target.host) has no address") }
    let ended = try LoadEngine.run(plan, to: address, control: control) { progress in
      _ = watch.observe(progress)
      if !isAlive() { isHopeless = true }
      isHopeless =
        isHopeless
        || HopelessTrial.isHopeless(progress, plan: plan, budgets: scenario.budgets, rate: rate)
      return isHopeless ? .abort : .goOn
    }
    let result = watch.completing(ended)
    return judge(rate, result, watch, isHopeless: isHopeless, plan: plan)
  }

  /// Arrivals that never began, or were cut off at the end, are the service's: it kept the connections too long.
  private static let lostShareLimit = 0.01

  private func judge(
    _ rate: Double, _ result: LoadResult, _ watch: BudgetWatch, isHopeless: Bool, plan: LoadPlan
  ) -> Outcome {
    let verdict = RunVerdict(result: result, watch: watch)
    let all = result.steps.sum()
    let ended = all.attempts - min(all.attempts, all.interrupted)
    // A step that was never drawn at a low rate says nothing.
    let broken = verdict.budgets.filter(\.isBroken)
    var words = broken.map { "\($0.budget.text) was \($0.observedText)" }
    let iterations = result.iterations
    let lost = Double(iterations.dropped + iterations.interrupted) / Double(max(1, iterations.scheduled))
    if !isHopeless, lost > Self.lostShareLimit {
      words.append("\(Int((lost * 100).rounded(.up))) % of the arrivals were not served within the trial")
    }
    if ended == 0 { words.append("no request got an answer") }
    var outcome = Outcome(
      rate: rate, holds: words.isEmpty && !isHopeless, generatorBound: nil, hostWarning: nil, broken: words,
      brokeOnTime: broken.contains { $0.budget.unit == .nanoseconds } || (broken.isEmpty && ended > 0),
      p95Milliseconds: all.judgedResponse.value(at: 0.95).flatMap { $0.isFinite ? $0 / 1e6 : nil },
      failedShare: ended > 0 ? Double(all.failed) / Double(ended) : 0,
      measuredSeconds: max(0, Double(result.elapsedNanoseconds) / 1e9 - plan.warmUp.seconds),
      failureSample: all.failureSamples.sorted { $0.key.rawValue < $1.key.rawValue }.first?.value)
    switch verdict.generator {
    case .ok: break
    case .noisyHost(let warning): outcome.hostWarning = warning
    // A rate that the service did not hold is not to be blamed on the generator, nor one that held in spite of it.
    case .generatorBound(let reason): if !outcome.holds { outcome.generatorBound = reason }
    }
    return outcome
  }
}

package import BenchEngine
package import BenchVerdict
import Histograms
import Measures
import Wording

/// One steady load against a service, judged by budgets.
package struct LoadTrial {
  let plan: LoadPlan
  let budgets: [Budget]
  /// What is offered; nil for users, who ask when they have been answered.
  let requestsPerSecond: Double?
  let control: LoadEngine.Control

  package init(plan: LoadPlan, budgets: [Budget], requestsPerSecond: Double?, control: LoadEngine.Control) {
    self.plan = plan
    self.budgets = budgets
    self.requestsPerSecond = requestsPerSecond
    self.control = control
  }

  package struct Outcome: Sendable {
    package var holds: Bool
    /// Why the generator could not offer the load.
    package var generatorBound: String?
    package var hostWarning: String?
    /// Budgets that did not hold, in words: `response_time: p(95) < 300ms was 812 ms`.
    package var broken: [String] = []
    var brokeOnTime = false
    /// It broke while a timer that does nothing else was not woken in time: this machine had no time for anybody.
    package var isDisturbed = false
    /// Budgets without a sample.
    package var unseen: Set<String> = []
    /// Requests were made, and not one got a complete answer.
    package var neverAnswered = false
    package var p95Milliseconds: Double?
    package var failedShare = 0.0
    /// After the warm-up.
    package var measuredSeconds = 0.0
    /// The first failure's words.
    package var failureSample: String?

    /// Of a load that the generator did not even begin.
    package static func notOffered(_ reason: String) -> Outcome { Outcome(holds: false, generatorBound: reason) }

    package var verdict: CapacitySearch.Outcome { holds ? .held : generatorBound == nil ? .broke : .notOffered }
  }

  /// Blocks for the trial's time, or until it can't hold any more.
  /// - Parameters:
  ///   - mayMove: whether connections may go to another address of the target's name.
  ///   - isAlive: asked once a second; a service that has died ends the trial.
  package func run(
    to address: SocketAddress, mayMove: @escaping @Sendable (SocketAddress) -> Bool = { _ in true },
    isAlive: () -> Bool = { true }
  ) throws(EngineError) -> Outcome {
    var watch = BudgetWatch(budgets: budgets, plan: plan)
    var isHopeless = false
    let ended = try LoadEngine.run(plan, to: address, control: control, mayMove: mayMove) { progress in
      _ = watch.observe(progress)
      if !isAlive() { isHopeless = true }
      isHopeless =
        isHopeless
        || HopelessTrial.isHopeless(progress, plan: plan, budgets: budgets, rate: requestsPerSecond)
      return isHopeless ? .abort : .goOn
    }
    return judge(watch.completing(ended), watch, isHopeless: isHopeless)
  }

  /// Arrivals that never began, or were cut off at the end, are the service's: it kept the connections too long.
  private static let lostShareLimit = 0.01

  /// How late the control timer may be at its 99th percentile.
  private static let controlLagLimit = 20e6

  private func judge(_ result: LoadResult, _ watch: BudgetWatch, isHopeless: Bool) -> Outcome {
    let verdict = RunVerdict(result: result, watch: watch)
    let all = result.steps.sum()
    let ended = all.attempts - min(all.attempts, all.interrupted)
    // A step that was never drawn at a low rate says nothing.
    let broken = verdict.budgets.filter(\.isBroken)
    var words = broken.map { "\($0.budget.text) was \($0.observedText)" }
    let iterations = result.iterations
    let lost = Double(iterations.dropped + iterations.interrupted) / Double(max(1, iterations.scheduled))
    if !isHopeless, !plan.isClosed, lost > Self.lostShareLimit {
      words.append("\(Int((lost * 100).rounded(.up))) % of the arrivals were not served within the trial")
    }
    if ended == 0 { words.append("no request got an answer") }
    var outcome = Outcome(holds: words.isEmpty && !isHopeless, broken: words)
    outcome.brokeOnTime = broken.contains { $0.budget.unit == .nanoseconds } || (broken.isEmpty && ended > 0)
    outcome.unseen = Set(verdict.budgets.lazy.filter { $0.outcome == .noData }.map(\.budget.text))
    outcome.neverAnswered = verdict.neverAnswered
    outcome.p95Milliseconds = all.judgedResponse.value(at: 0.95).flatMap { $0.isFinite ? $0 / 1e6 : nil }
    outcome.failedShare = ended > 0 ? Double(all.failed) / Double(ended) : 0
    outcome.measuredSeconds = max(0, Double(result.elapsedNanoseconds) / 1e9 - plan.warmUp.seconds)
    outcome.failureSample = all.failureSamples.sorted { $0.key.rawValue < $1.key.rawValue }.first?.value
    let controlLag = result.generator.controlLag.value(at: 0.99) ?? 0
    outcome.isDisturbed =
      !outcome.holds && (controlLag > Self.controlLagLimit || !result.generator.hostGaps.isEmpty)
    switch verdict.generator {
    case .ok: break
    case .noisyHost(let warning): outcome.hostWarning = warning
    // A rate that the service did not hold is not to be blamed on the generator, nor one that held in spite of it.
    case .generatorBound(let reason): if !outcome.holds { outcome.generatorBound = reason }
    }
    return outcome
  }
}

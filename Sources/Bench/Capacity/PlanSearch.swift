import BenchEmulator
import BenchEngine
import BenchScenario
import Evidence
import Foundation
import Statistics
import Terminal
import Wording

/// The search for one plan's capacity, trial by trial, against the service's own port.
struct PlanSearch {
  let measurement: PlanMeasurement
  let service: MeasuredService
  private var search: CapacitySearch
  private var trials: [PlanFigures.Trial] = []
  private(set) var warnings: [String] = []
  /// Of the highest rate that held in a long trial.
  private var cpuShare: Double?
  /// Of the lowest rate that did not.
  private var breaking: Breaking?
  private var generatorReason: String?
  private var deaths = 0
  private var repeats = 0
  private var lastExit: ProcessExit?

  private struct Breaking {
    var rate: Double
    var words: String
    var constraint: PlanFigures.Constraint
    var cpuShare: Double
    var idleShare: Double?
  }

  /// The share of its quota from which on a service is said to use all its CPU.
  private static let fullCPU = 0.9
  /// With less of the machine idle than this, a service that is short of its quota was starved by others.
  private static let starvedIdle = 0.05
  /// A plan's trials that are made once more for that reason.
  private static let repeatLimit = 4

  init(measurement: PlanMeasurement, service: MeasuredService, guess: Double?) {
    self.measurement = measurement
    self.service = service
    search = CapacitySearch(
      start: guess ?? 20, growth: guess == nil ? 4 : 2, highest: measurement.settings.highestRate)
  }

  /// Ends when the search does, when interrupted, or when the service dies time and again.
  mutating func run() throws {
    while let trial = search.trial, !measurement.control.isInterrupted {
      guard reviveService() else { return }
      var outcome = try perform(trial)
      if outcome == nil, reviveService() { outcome = try perform(trial) }
      guard !measurement.control.isInterrupted else { return }
      search.record(outcome ?? .broke)
    }
  }

  // MARK: A trial

  private mutating func reviveService() -> Bool {
    while service.exit != nil {
      guard deaths < 5 else { return false }
      if case .failed(let exit) = service.start() {
        deaths += 1
        lastExit = exit
      }
      if measurement.control.isInterrupted { return false }
    }
    return true
  }

  /// Nil when the outcome says nothing of the service, which was starved by the rest of the machine: once more, then.
  private mutating func perform(_ trial: CapacitySearch.Trial) throws -> CapacitySearch.Outcome? {
    let settings = measurement.settings
    let limiter = service.process.limiter
    let target = TargetURL(host: "127.0.0.1", port: settings.servicePort)
    let plan = try settings.scenario.plan(
      rate: trial.rate, warmUp: settings.warmUp,
      measured: trial.isLong ? settings.trial : min(settings.trial, .seconds(2)), target: target,
      variables: settings.variables, secondsSince1970: Int64(Date().timeIntervalSince1970))
    let load = LoadTrial(
      plan: plan, budgets: settings.scenario.budgets, requestsPerSecond: trial.rate, control: measurement.control)
    try Preflight.requireResources(for: plan)
    guard let address = try SocketAddress.resolve(host: target.host, port: target.port).first else {
      throw EngineError(.unresolvable, "\(target.host) has no address")
    }
    let kills = limiter.memoryKills
    let before = (cpu: limiter.cpuNanoseconds, at: MonotonicClock.now(), host: HostCPU.now)
    let outcome = try load.run(to: address, isAlive: { service.exit == nil })
    let seconds = Double(MonotonicClock.now() - before.at) / 1e9
    let share = Double(limiter.cpuNanoseconds &- before.cpu) / 1e9 / seconds / measurement.plan.limits.cpu
    guard !measurement.control.isInterrupted else { return .broke }
    let wasKilled = limiter.memoryKills > kills
    let died = service.exit
    let holds = outcome.holds && !wasKilled && died == nil
    trials.append(
      PlanFigures.Trial(
        ratePerSecond: trial.rate, isWithinBudgets: holds, p95Milliseconds: outcome.p95Milliseconds,
        failedShare: outcome.failedShare, measuredSeconds: outcome.measuredSeconds, cpuShare: share,
        isDeciding: trial.isLong))
    var words = outcome.broken.first ?? "it could not hold any more"
    var constraint: PlanFigures.Constraint = outcome.brokeOnTime ? .latency : .failures
    if let died {
      deaths += 1
      lastExit = died
      words = "the service died (\(died.cause))"
      constraint = .failures
    }
    if wasKilled {
      words = "killed above \(measurement.plan.limits.memoryMegabytes) MB"
      constraint = .memory
    }
    say(trial, outcome, holds: holds, words: words, share: share)
    if holds {
      if trial.isLong, trial.rate >= (search.lower ?? 0) { cpuShare = share }
      return .held
    }
    if !wasKilled, died == nil, let reason = outcome.generatorBound {
      generatorReason = reason
      service.settle(cpu: measurement.plan.limits.cpu)
      return .notOffered
    }
    let idle = HostCPU.idleShare(since: before.host)
    if constraint == .latency, share < Self.fullCPU, let idle, idle < Self.starvedIdle, repeats < Self.repeatLimit {
      repeats += 1
      trials[trials.count - 1].isDeciding = false
      measurement.say("              again: the machine was out of CPU, and the service short of its quota")
      service.settle(cpu: measurement.plan.limits.cpu)
      return nil
    }
    let isLower = breaking.map { trial.rate < $0.rate } ?? true
    if trial.isLong || breaking == nil, isLower {
      breaking = Breaking(
        rate: trial.rate, words: words, constraint: constraint, cpuShare: share, idleShare: idle)
    }
    if died == nil { service.settle(cpu: measurement.plan.limits.cpu) }
    return .broke
  }

  private func say(
    _ trial: CapacitySearch.Trial, _ outcome: LoadTrial.Outcome, holds: Bool, words: String, share: Double
  ) {
    let rate = TextLayout.left("\(PlansText.rate(trial.rate))/s", 9)
    let p95 = outcome.p95Milliseconds.map { "p95 \(DurationText.format(.seconds($0 / 1_000)))" } ?? "no p95"
    let verdict = holds ? "holds   \(p95)" : "breaks  \(outcome.generatorBound ?? words)"
    measurement.say(
      "  \(trial.isLong ? "trial " : "look  ")    \(rate) \(verdict), CPU \(PlansText.percent(share)) of the quota")
  }

  // MARK: What came of it

  mutating func fill(_ figures: inout PlanFigures) {
    figures.trials = trials
    figures.cpuShare = cpuShare
    let limit = measurement.plan.limits
    if let lower = search.lower {
      figures.capacity = Estimate(lower, lower: lower, upper: search.upper ?? lower, basis: .measured)
    }
    if deaths >= 5 {
      figures.outcome = .crashLoop
      figures.constraint = lastExit?.wasMemoryKilled == true ? .memory : .failures
      figures.explanation = "it died \(deaths) times under load (\(lastExit?.cause ?? "unknown"))"
      return
    }
    if search.reachedHighest {
      figures.constraint = .none
      figures.explanation =
        "the highest rate that was asked for, \(PlansText.rate(measurement.settings.highestRate))/s, held: raise "
        + "--max-rate to find its end"
      return
    }
    if search.upper == nil, search.ceiling != nil {
      figures.constraint = .generator
      figures.explanation = "the load generator could not offer more: \(generatorReason ?? "it was out of CPU")"
      return
    }
    guard let breaking else { return }
    figures.constraint = breaking.constraint
    let isFull = breaking.cpuShare >= Self.fullCPU
    let cpu = isFull ? ", with all of its \(PlansText.cpu(limit.cpu)) CPU in use" : ""
    figures.explanation = "at \(PlansText.rate(breaking.rate))/s \(breaking.words)\(cpu)"
    if figures.capacity == nil { figures.explanation = "no rate held; \(figures.explanation)" }
    if !isFull, let idle = breaking.idleShare, idle < Self.starvedIdle, breaking.constraint == .latency {
      warnings.append(
        "\(figures.plan): this machine had no CPU left (\(PlansText.percent(idle)) idle) while the service used only "
          + "\(PlansText.percent(breaking.cpuShare)) of its quota: the capacity may be higher on a quiet machine")
    }
  }
}

import BenchEmulator
import BenchEngine
import BenchScenario
import Evidence
import Foundation
import Plans
import Support

/// Measures one plan: starts, capacity, cold visits. Blocks the calling thread.
struct PlanMeasurement {
  struct Settings {
    var scenario: RateScenario
    var variables: [String: String]
    var command: ServiceCommand
    var idle: Double
    var startTimeout: Double
    var highestRate: Double
    /// The measured part of a trial that judges, and its warm-up.
    var trial: Duration
    var warmUp: Duration
    var starts: Int
    var coldVisits: Int
    var servicePort: UInt16
  }

  let plan: EmulatedPlan
  /// What the platform adds to a wake; nil for a plan that never sleeps.
  let platformWake: Estimate?
  let settings: Settings
  let limiter: any PlanLimiter
  let control: LoadEngine.Control
  let say: (String) -> Void

  /// Nil when interrupted.
  /// - Parameter guess: where the capacity may lie, requests a second.
  func run(guess: Double?) throws -> (figures: PlanFigures, warnings: [String])? {
    var figures = PlanFigures(
      plan: plan.plan.id, cpu: plan.limits.cpu, memoryMegabytes: plan.limits.memoryMegabytes, outcome: .measured,
      constraint: .none, explanation: "")
    figures.platformWake = platformWake
    var warnings: [String] = []
    let process = ServiceProcess(
      settings.command, limits: plan.limits, limiter: limiter, port: settings.servicePort)
    let service = ServiceRun(process, timeout: settings.startTimeout, control: control)
    defer { service.stop() }
    say(plan.title)

    let starts = timeStarts(service)
    guard !control.isInterrupted else { return nil }
    if let timing = RepeatedTiming(starts.seconds) {
      figures.start = estimate(timing)
      say("  start       \(Self.text(timing)), \(CountText.plural(timing.sorted.count, "start"))")
    }
    if let failure = starts.failure {
      fail(&figures, failure, died: !starts.seconds.isEmpty)
      figures.memoryKills = limiter.memoryKills
      figures.peakMemoryBytes = process.peakResidentBytes
      say("  \(figures.explanation)")
      return (figures, warnings)
    }

    var search = PlanSearch(measurement: self, service: service, guess: guess)
    try search.run()
    guard !control.isInterrupted else { return nil }
    search.fill(&figures)
    warnings += search.warnings
    service.stop()

    if let platformWake, figures.outcome == .measured {
      let visits = try ColdVisits(measurement: self, process: process).run()
      guard !control.isInterrupted else { return nil }
      if let timing = RepeatedTiming(visits.seconds) {
        let app = estimate(timing)
        figures.coldVisit = Estimate(
          platformWake.value + app.value, lower: platformWake.lower + app.lower, upper: platformWake.upper + app.upper,
          basis: .assumed)
        say(
          "  cold visit  \(Self.text(timing)) by the application, \(CountText.plural(timing.sorted.count, "visit")), and "
            + "\(DurationText.format(.seconds(platformWake.value))) assumed of the platform")
      }
      if let warning = visits.warning { warnings.append("\(plan.plan.id): \(warning)") }
    }
    figures.memoryKills = limiter.memoryKills
    figures.peakMemoryBytes = process.peakResidentBytes
    say("  memory      \(process.peakResidentBytes >> 20) MB at most of \(plan.limits.memoryMegabytes) MB")
    return (figures, warnings)
  }

  // MARK: Starts

  /// Two failures in a row are the service's answer; the last start's process goes on running.
  private func timeStarts(_ service: ServiceRun) -> (seconds: [Double], failure: ProcessExit?) {
    var seconds: [Double] = []
    var failures = 0
    let began = MonotonicClock.now()
    while seconds.count < settings.starts, !control.isInterrupted {
      switch service.start() {
      case .answered(let time):
        seconds.append(time)
        failures = 0
        // Slow starters are timed less often.
        let spent = Double(MonotonicClock.now() - began) / 1e9
        let isEnough = seconds.count >= settings.starts || (seconds.count >= 2 && spent > 20)
        if isEnough { return (seconds, nil) }
        service.stop()
      case .failed(let exit):
        failures += 1
        if failures == 2 { return (seconds, exit) }
      case .interrupted: return (seconds, nil)
      }
    }
    return (seconds, nil)
  }

  private func fail(_ figures: inout PlanFigures, _ exit: ProcessExit, died: Bool) {
    figures.outcome = died ? .crashLoop : .neverStarted
    figures.constraint = exit.wasMemoryKilled ? .memory : .start
    let tail = exit.outputTail.split(separator: "\n").last.map { ": \($0)" } ?? ""
    figures.explanation =
      exit.wasMemoryKilled
      ? "it was killed above \(plan.limits.memoryMegabytes) MB before it served"
      : "it never answered (\(exit.cause))\(tail)"
  }

  func estimate(_ timing: RepeatedTiming) -> Estimate {
    Estimate(timing.median, lower: timing.interval.lower, upper: timing.interval.upper, basis: .measured)
  }

  private static func text(_ timing: RepeatedTiming) -> String {
    func text(_ seconds: Double) -> String { DurationText.format(.seconds(seconds)) }
    return "\(text(timing.median)) [\(text(timing.interval.lower))–\(text(timing.interval.upper))]"
  }
}

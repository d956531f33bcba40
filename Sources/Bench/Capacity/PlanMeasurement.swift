package import BenchEmulator
import BenchEngine
import BenchScenario
import Evidence
import Foundation
import Plans
import Statistics
import Wording

/// What is measured, and how long.
package struct PlanSettings {
  package var scenario: RateScenario
  package var command: ServiceCommand
  package var servicePort: UInt16
  package var variables: [String: String] = [:]
  /// Seconds without a request until a cold visit finds the service asleep.
  package var idle = 1.0
  /// Seconds.
  package var startTimeout = 120.0
  /// Requests a second.
  package var highestRate = 2_000.0
  /// The measured part of a trial that judges, and its warm-up.
  package var trial = Duration.seconds(6)
  let warmUp = Duration.seconds(1)
  package var starts = 5
  package var coldVisits = 3

  package init(scenario: RateScenario, command: ServiceCommand, servicePort: UInt16) {
    self.scenario = scenario
    self.command = command
    self.servicePort = servicePort
  }
}

/// Measures one plan: starts, capacity, cold visits. Blocks the calling thread.
struct PlanMeasurement {
  let plan: EmulatedPlan
  /// What the platform adds to a wake; nil for a plan that never sleeps.
  let platformWake: Estimate?
  let settings: PlanSettings
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
    let service = MeasuredService(process, timeout: settings.startTimeout, control: control)
    defer { service.stop() }
    say(plan.title)

    let starts = timeStarts(service)
    guard !control.isInterrupted else { return nil }
    if let timing = Self.estimate(starts.seconds) {
      figures.start = timing
      say("  start       \(Self.text(timing)), \(CountText.plural(starts.seconds.count, "start"))")
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
      if let app = Self.estimate(visits.seconds) {
        figures.coldVisit = Estimate(
          platformWake.value + app.value, lower: platformWake.lower + app.lower, upper: platformWake.upper + app.upper,
          basis: .assumed)
        say(
          "  cold visit  \(Self.text(app)) by the application, \(CountText.plural(visits.seconds.count, "visit")), and "
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
  private func timeStarts(_ service: MeasuredService) -> (seconds: [Double], failure: ProcessExit?) {
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

  /// The median within the fastest and the slowest; nil without a timing.
  private static func estimate(_ seconds: [Double]) -> Estimate? {
    let sample = SortedSample(seconds)
    guard let median = sample.median, let range = sample.range else { return nil }
    return Estimate(median, lower: range.lowerBound, upper: range.upperBound, basis: .measured)
  }

  private static func text(_ timing: Estimate) -> String {
    func text(_ seconds: Double) -> String { DurationText.format(.seconds(seconds)) }
    return "\(text(timing.value)) [\(text(timing.lower))–\(text(timing.upper))]"
  }
}

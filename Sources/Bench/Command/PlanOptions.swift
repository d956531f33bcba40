import ArgumentParser
import BenchCapacity
import BenchEmulator
import Evidence
import Foundation
import Plans
import Statistics
import Terminal
import Wording

/// What every command that emulates plans can be told.
struct PlanOptions: ParsableArguments {
  @Option(help: "Where plans come from: a bundled catalogue's id, or a file.")
  var catalogue = Catalogue.render2026October

  @Option(
    help: "Assumed time from the request that wakes until the platform starts the process. (default: the catalogue's)")
  var platformWake: String?

  @Option(help: "A start that has not answered by then has failed.")
  var startTimeout = "120s"

  @Option(
    help: ArgumentHelp(
      "Path that the platform asks until the service starts to answer with 200 to 399. (default: / with any answer)",
      valueName: "path"))
  var healthPath: String?

  @Option(help: ArgumentHelp("The service's port, 0 for any free one; it gets it as PORT.", valueName: "port"))
  var servicePort = 0

  @Option(help: ArgumentHelp("Add what the service prints to this file.", valueName: "path"))
  var serviceLog: String?

  @Flag(help: "Without root or control groups: stop and continue the service by its CPU time, watch its memory.")
  var approximate = false

  /// What the platform adds to a wake, as told or as the catalogue has it; nil for a plan that never sleeps.
  /// - Throws: `CommandFailure` where nobody says.
  func platformWake(of rule: SleepRule?) throws -> Estimate? {
    guard let rule else { return nil }
    if let platformWake {
      return Estimate(exactly: try Self.duration("--platform-wake", platformWake).seconds, basis: .assumed)
    }
    guard let wake = rule.platformWake else {
      throw CommandFailure(.usage, "\(catalogue) does not say what the platform adds to a wake: give --platform-wake")
    }
    return Estimate(wake.seconds, lower: wake.lower, upper: wake.upper, basis: .assumed)
  }

  func validate() throws {
    guard (0...65_535).contains(servicePort) else {
      throw ValidationError("--service-port \(servicePort): expected 0 to 65535")
    }
    try Self.check(healthPath: healthPath)
  }

  static func check(healthPath: String?) throws {
    if let healthPath, healthPath.first != "/" || !healthPath.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      throw ValidationError("--health-path \(healthPath): expected a path such as /health")
    }
  }

  /// A plan by id or alias, with what it allows.
  func plan(_ id: String, in catalogue: Catalogue) throws(CommandFailure) -> EmulatedPlan {
    guard let plan = catalogue.web(id) else {
      let known = catalogue.web.map(\.id)
      let near = Spelling.closest(to: id, among: known).map { "did you mean \($0)? " } ?? ""
      throw CommandFailure(
        .usage, "no web plan '\(id)' in \(catalogue.id): \(near)It has \(Spelling.alternatives(known))")
    }
    guard let limits = PlanLimits(plan) else {
      throw CommandFailure(
        .invalidConfiguration,
        "\(catalogue.id) names no CPU or no memory for '\(plan.id)', so there is nothing to emulate: use "
          + "--catalogue \(Catalogue.render2026October), or a catalogue of your own with cpu and memory_mb")
    }
    return EmulatedPlan(plan: plan, limits: limits)
  }

  /// The control groups, or `--approximate`.
  func limiter(_ limits: PlanLimits) throws(CommandFailure) -> any PlanLimiter {
    if approximate { return ApproximateLimiter(limits) }
    do {
      return try ControlGroupLimiter(limits)
    } catch {
      throw CommandFailure(
        .unavailable,
        "no control groups for the plan's CPU and memory limits (\(error.message)): run as root on a machine that has "
          + "them, or add --approximate, which paces the service by SIGSTOP to within about 12 % of its quota and "
          + "marks every report")
    }
  }

  func service(_ words: [String]) throws(EmulatorError) -> ServiceCommand {
    try ServiceCommand(
      words, environment: ProcessInfo.processInfo.environment, healthPath: healthPath, logFile: serviceLog)
  }

  static func duration(_ option: String, _ text: String) throws(CommandFailure) -> Duration {
    guard let duration = DurationText.parse(text) else {
      throw CommandFailure(.usage, "\(option) \(text): expected a duration such as 500ms, 30s or 2m")
    }
    return duration
  }
}

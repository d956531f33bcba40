import BenchEngine
import BenchReporting
import Evidence
import Foundation
import Measures
import Terminal
import Wording

/// Two loads against the null server.
struct CalibrationRun {
  /// A thousandth of a second is more than a request takes on any host that is worth calibrating.
  static let floorRate = 1_000.0
  static let floorConnections = 10
  static let ceilingConnections = 100

  let duration: Duration
  let control: LoadEngine.Control
  let progress: (String) -> Void

  /// - Throws: `EngineError`, or `CommandFailure` when it was interrupted or a request failed.
  func run() throws -> Calibration {
    let server = try NullServer()
    defer { server.stop() }
    let startedAt = Date()
    let time = DurationText.format(duration)
    progress("floor: \(Int(Self.floorRate)) requests/s on loopback for \(time) …")
    let light = try measure(
      .rate(
        [.init(duration: duration, target: Self.floorRate, isStep: true)], maxInFlight: Self.floorConnections), server)
    progress("ceiling: \(Self.ceilingConnections) connections for \(time) …")
    let full = try measure(
      .users([.init(duration: duration, target: Double(Self.ceilingConnections), isStep: true)]), server)
    let seconds = duration.seconds * (1 - Self.warmUpShare)
    let answered = full.steps[0].answered
    let all = answered + full.warmUpSteps[0].answered
    return Calibration(
      measuredAt: UTCInstant(startedAt), outgrown: .current,
      machine: .current,
      floor: .init(
        requestsPerSecond: Self.floorRate, connections: Self.floorConnections, durationSeconds: seconds,
        responseTime: try LatencySummary(light.steps[0].response),
        controlLag: try LatencySummary(light.generator.controlLag)),
      ceiling: .init(
        connections: Self.ceilingConnections, workers: full.generator.workers, durationSeconds: seconds,
        requestsPerSecond: Double(answered) / seconds,
        cpuSecondsPerMillion: Double(full.generator.workerCPUNanoseconds) / 1e3 / Double(max(all, 1))))
  }

  /// Of the time, at its beginning, that is in no figure.
  private static let warmUpShare = 0.1

  private func measure(_ workload: Workload, _ server: NullServer) throws -> LoadResult {
    let plan = server.plan(workload, warmUp: duration * Self.warmUpShare)
    try Preflight.requireResources(for: plan)
    let result = try LoadEngine.run(plan, to: try Preflight.reach(plan), control: control)
    if control.isInterrupted { throw CommandFailure(.interrupted, "interrupted: nothing was kept") }
    let step = result.steps[0]
    guard step.failed == 0, step.answered > 0, result.iterations.isConserved else {
      let sample = step.failureSamples.values.sorted().first ?? "none was answered"
      throw CommandFailure(.internal, "the built-in server did not answer every request: \(sample). Nothing was kept")
    }
    return result
  }
}

extension NullServer {
  /// A load on it.
  func plan(_ workload: Workload, warmUp: Duration) -> LoadPlan {
    LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: port),
      steps: [StepPlan(name: "nothing", request: Array(Self.request.utf8))],
      journeys: [JourneyPlan(name: "nothing", weight: 1, steps: [0])], workload: workload, warmUp: warmUp,
      gracefulStop: .seconds(1))
  }
}

import BenchEngine
import BenchReporting
import BenchVerdict
import Evidence
import Measures
import Terminal
import Wording

/// Setup or teardown: one user goes through its steps once, outside of the load's figures.
struct SideRun {
  /// `setup` or `teardown`, as messages call it.
  let name: String
  let plan: LoadPlan

  struct Outcome {
    /// By slot.
    var values: [Int: [UInt8]] = [:]
    var failure: CommandFailure?
    var figures: SideFigures
    var exchanges: [Exchange] = []
  }

  /// Blocks until the last step has ended.
  func run(to address: SocketAddress, control: LoadEngine.Control) -> Outcome {
    var figures = SideFigures()
    do {
      let result = try LoadEngine.run(plan, to: address, control: control)
      figures.requests = result.steps.reduce(0) { $0 + $1.attempts }
      figures.failed = result.steps.reduce(0) { $0 + $1.failed }
      figures.seconds = Double(result.elapsedNanoseconds) / 1e9
      var failure = result.exchanges.lazy.compactMap { defect(of: $0) }.first
      if failure == nil, control.isInterrupted {
        failure = CommandFailure(.interrupted, "interrupted during \(name)")
      }
      figures.failure = failure.map { DisplayText.line($0.message.dropFirst(name.count + 2), limit: 400) }
      return Outcome(
        values: plan.captured(in: result.exchanges), failure: failure, figures: figures, exchanges: result.exchanges)
    } catch {
      let failure = CommandFailure(error.exitStatus, "\(name): \(error.message)")
      figures.failure = failure.message
      return Outcome(failure: failure, figures: figures)
    }
  }

  /// What was wrong with one exchange; nil when all was well.
  private func defect(of exchange: Exchange) -> CommandFailure? {
    let step = plan.steps[exchange.step]
    let place = "\(name): step '\(step.name)'"
    if let (kind, sample) = exchange.failure {
      return CommandFailure(.targetNeverAnswered, "\(place) got no answer (\(kind.rawValue)): \(sample)")
    }
    let status = exchange.status ?? 0
    let shown = String(decoding: exchange.body.prefix(120), as: UTF8.self)
    let body = shown.isEmpty ? "" : ", the answer begins “\(DisplayText.line(shown, limit: 80))”"
    if status >= 400, !step.acceptedStatuses.contains(where: { $0.contains(status) }) {
      return CommandFailure(.invalidConfiguration, "\(place) was answered with HTTP status \(status)\(body)")
    }
    let failed = zip(step.checks, exchange.checksPassed).first { !$1 }?.0.label
    return failed.map {
      CommandFailure(.invalidConfiguration, "\(place) failed its check '\($0)' (HTTP status \(status)\(body))")
    }
  }
}

extension SideRun {
  /// Teardown with what setup captured. Steps that need a value which a failed setup didn't get are left out.
  static func teardown(_ plan: LoadPlan?, values: [Int: [UInt8]]) -> (run: SideRun?, leftOut: [String]) {
    guard var plan = plan?.fixing(values) else { return (nil, []) }
    var available = Set(values.keys)
    var kept: [Int] = []
    var leftOut: [String] = []
    for index in plan.journeys[0].steps {
      let step = plan.steps[index]
      if (step.template?.slots ?? []).isSubset(of: available) {
        kept.append(index)
        for case .captured(let capture) in step.checks.map(\.subject) { available.insert(capture.slot) }
      } else if !leftOut.contains(step.name) {
        leftOut.append(step.name)
      }
    }
    plan.journeys[0].steps = kept
    return (kept.isEmpty ? nil : SideRun(name: "teardown", plan: plan), leftOut)
  }
}

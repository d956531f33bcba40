import BenchEngine
import BenchReporting
import BenchScenario
import Evidence
import Histograms
import Measures
import Terminal
import Wording

/// Before a hosted target is loaded: what the load will cost it, said aloud, and agreed to when it is much.
struct EgressCheck {
  let plan: LoadPlan
  let host: String
  /// The author has said yes.
  let isAgreed: Bool
  /// A probe would wake a service that the load is to find asleep.
  let mayProbe: Bool

  /// - Throws: `CommandFailure` code `.usage` when the author has to agree first; `.invalidConfiguration` where only a
  ///   probe could tell and none may be made; `.targetNeverAnswered` when the probe got no answer.
  func run(
    to address: SocketAddress, control: LoadEngine.Control, say: (String) -> Void
  ) throws -> EgressFigures {
    var probes: [Int: EgressEstimate.Probe] = [:]
    if EgressEstimate.needsProbe(plan) {
      guard mayProbe else {
        throw CommandFailure(
          .invalidConfiguration,
          "how much \(host) will send can't be told without waking it: state 'expected_response_bytes' under "
            + "'defaults' or in each step")
      }
      probes = try probe(address, control)
    }
    let estimate = EgressEstimate(plan, probes: probes)
    say(text(estimate))
    if estimate.needsConsent, !isAgreed {
      throw CommandFailure(
        .usage,
        "about \(ByteText.format(estimate.bytesReceived)) of egress is more than "
          + "\(ByteText.format(EgressEstimate.freeBytes)): add --yes if \(host) may send that much, or lower the "
          + "load")
    }
    return EgressFigures(
      requests: estimate.requests, bytesSent: estimate.bytesSent, bytesReceived: estimate.bytesReceived,
      basis: estimate.basis.rawValue, agreed: isAgreed)
  }

  private func probe(
    _ address: SocketAddress, _ control: LoadEngine.Control
  ) throws -> [Int: EgressEstimate.Probe] {
    var probes: [Int: EgressEstimate.Probe] = [:]
    for journey in plan.journeys {
      var once = plan.once(journey)
      for step in once.steps.indices { once.steps[step].thinkTime = .none }
      let result = try LoadEngine.run(once, to: address, control: control)
      if control.isInterrupted {
        throw CommandFailure(.interrupted, "interrupted while the response sizes were probed")
      }
      guard result.steps.contains(where: { $0.answered > 0 }) else {
        let sample = result.steps.lazy.compactMap { $0.failureSamples.values.first }.first ?? "no request was made"
        throw CommandFailure(
          .targetNeverAnswered, "the iteration that was to show response sizes got no answer: \(sample)")
      }
      for (index, tally) in result.steps.enumerated() where tally.attempts > 0 {
        probes[index] = EgressEstimate.Probe(
          requests: Double(tally.attempts), bytesSent: Double(tally.bytesSent),
          bytesReceived: Double(tally.bytesReceived),
          seconds: Double(tally.attempts) * (tally.service.mean ?? 0) / 1e9)
      }
    }
    return probes
  }

  private func text(_ estimate: EgressEstimate) -> String {
    let basis =
      switch estimate.basis {
      case .stated: "from the scenario's expected_response_bytes"
      case .probed: "from one iteration of each journey"
      case .both: "from the scenario's expected_response_bytes and one iteration of each journey"
      }
    let requests = EstimateText.count(estimate.requests)
    return "about \(requests) \(requests == "1" ? "request" : "requests") to \(host), which will send about "
      + "\(ByteText.format(estimate.bytesReceived)) (egress) for \(ByteText.format(estimate.bytesSent)) of "
      + "requests; \(basis), TLS and retries not counted"
  }
}

package import BenchEngine
import Glibc
import Wording

/// What a load will ask of a target, and what the target will send: an estimate, made before the load.
///
/// Requests of an open model are the integral of its rate times a journey's steps; those of a closed one are the users'
/// time over what an iteration takes, thinking and answers included. Conditions are taken to hold and loops to go to
/// their bounds, so that the estimate errs upwards.
package struct EgressEstimate: Sendable, Equatable {
  package var requests: Double
  /// By us.
  package var bytesSent: Double
  /// By the target: what its hosting counts as egress.
  package var bytesReceived: Double
  package var basis: Basis

  /// Above so many bytes of egress a hosted target is loaded only when the author has said so.
  package static let freeBytes = 1e9
  /// What an answer takes where no probe has told: users who don't think ask that much more often than the target lets
  /// them.
  package static let assumedSeconds = 0.05

  package enum Basis: String, Sendable {
    /// The scenario's `expected_response_bytes`.
    case stated
    /// One iteration of each journey.
    case probed
    case both
  }

  /// What a probing iteration of each journey saw of one step.
  package struct Probe: Sendable {
    package var requests: Double
    package var bytesSent: Double
    package var bytesReceived: Double
    package var seconds: Double

    package init(requests: Double, bytesSent: Double, bytesReceived: Double, seconds: Double) {
      self.requests = requests
      self.bytesSent = bytesSent
      self.bytesReceived = bytesReceived
      self.seconds = seconds
    }
  }

  package var needsConsent: Bool { bytesReceived > Self.freeBytes }

  /// Whether a probe is needed: a step's response size is not stated.
  package static func needsProbe(_ plan: LoadPlan) -> Bool {
    plan.steps.contains { $0.expectedResponseBytes == nil }
  }

  /// - Parameter probes: by step; empty where none was made.
  package init(_ plan: LoadPlan, probes: [Int: Probe] = [:]) {
    var sums = (requests: 0.0, sent: 0.0, received: 0.0)
    for load in plan.loads {
      let weight = load.journeys.reduce(0) { $0 + $1.weight }
      var mean = (requests: 0.0, sent: 0.0, received: 0.0, seconds: 0.0)
      for journey in load.journeys {
        for (position, index) in journey.steps.enumerated() where load.steps.indices.contains(index) {
          let lanes = journey.groups.first { $0.positions.contains(position) }?.lanes ?? 1
          let use = Self.use(of: load.steps[index], probes[index], lanes: lanes)
          mean.requests += journey.weight / weight * use.requests
          mean.sent += journey.weight / weight * use.bytesSent
          mean.received += journey.weight / weight * use.bytesReceived
          mean.seconds += journey.weight / weight * use.seconds
        }
      }
      let iterations = Self.iterations(of: load, seconds: mean.seconds)
      sums.requests += iterations * mean.requests
      sums.sent += iterations * mean.sent
      sums.received += iterations * mean.received
    }
    requests = sums.requests
    bytesSent = sums.sent
    bytesReceived = sums.received
    let stated = plan.steps.filter { $0.expectedResponseBytes != nil }.count
    basis = stated == plan.steps.count ? .stated : stated == 0 ? .probed : .both
  }

  /// One use of a step within an iteration.
  /// - Parameter lanes: how many steps are under way at that time.
  private static func use(of step: StepPlan, _ probe: Probe?, lanes: Int) -> Probe {
    let times = Double(step.loop?.atMost ?? 1)
    let probed = probe.flatMap { $0.requests > 0 ? $0 : nil }
    // A template's own bytes, without what is filled in.
    let written = step.template.map { Double($0.literalCount) } ?? Double(step.request.count)
    let each = probed.map { $0.seconds / $0.requests } ?? assumedSeconds
    // A redirect's requests are the probe's; a stated size is the last answer's.
    return Probe(
      requests: times, bytesSent: times * (probed.map { $0.bytesSent / $0.requests } ?? written),
      bytesReceived: times * (step.expectedResponseBytes ?? probed.map { $0.bytesReceived / $0.requests } ?? 0),
      seconds: times * (each / Double(lanes) + step.thinkTime.mean.seconds))
  }

  private static func iterations(of load: LoadPlan, seconds: Double) -> Double {
    switch load.workload {
    case .rate(let stages, _): return ArrivalSchedule(stages).total
    case .users(let stages):
      var userSeconds = 0.0
      var level = 0.0
      for stage in stages {
        userSeconds += stage.duration.seconds * (stage.isStep ? stage.target : (level + stage.target) / 2)
        level = stage.target
      }
      let iterations = userSeconds / max(seconds, load.pacing.mean.seconds, 1e-6)
      switch load.iterationLimit {
      case nil: return iterations
      case .shared(let count)?: return min(iterations, Double(count))
      case .perUser(let count)?: return min(iterations, Double(count) * load.workload.peak)
      }
    }
  }
}

extension ThinkTime {
  /// The expected pause. Source: the means of the uniform and log-normal distributions.
  package var mean: Duration {
    switch self {
    case .none: return .zero
    case .constant(let time): return time
    case .uniform(let least, let most): return (least + most) / 2
    case .exponential(let mean): return mean
    case .logNormal(let median, let p95):
      let deviation = log(max(p95.seconds / max(median.seconds, 1e-9), 1)) / 1.644_853_626_951_472_7
      return .seconds(min(median.seconds * exp(deviation * deviation / 2), 3_600))
    }
  }
}

extension RequestTemplate {
  fileprivate var literalCount: Int {
    (head + (body ?? [])).reduce(0) { sum, part in
      if case .bytes(let bytes) = part { sum + bytes.count } else { sum + 8 }
    }
  }
}

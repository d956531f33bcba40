/// A part of a run with a load of its own. Phases share the plan's steps, journeys and data; each has users, threads and
/// counts of its own.
package struct PhasePlan: Sendable {
  /// Unique in its plan.
  package var name: String
  package var start: Start
  /// Indices into `LoadPlan.journeys`; at least one.
  package var journeys: [Int]
  package var workload: Workload
  package var warmUp: Duration
  package var gracefulStop: Duration
  package var seed: UInt64
  package var arrivals: Arrivals
  package var overflow: Overflow
  package var pacing: ThinkTime
  package var iterationLimit: IterationLimit?
  /// Threads of its own; at least 1.
  package var workers = 1
  /// Its first request finds the service asleep.
  package var wakes = false

  package init(
    name: String, start: Start = .at(.zero), journeys: [Int], workload: Workload, warmUp: Duration = .zero,
    gracefulStop: Duration = .seconds(10), seed: UInt64 = 1, arrivals: Arrivals = .even, overflow: Overflow = .queue,
    pacing: ThinkTime = .none, iterationLimit: IterationLimit? = nil
  ) {
    self.name = name
    self.start = start
    self.journeys = journeys
    self.workload = workload
    self.warmUp = warmUp
    self.gracefulStop = gracefulStop
    self.seed = seed
    self.arrivals = arrivals
    self.overflow = overflow
    self.pacing = pacing
    self.iterationLimit = iterationLimit
  }

  package enum Start: Sendable, Equatable {
    /// So long after the run's beginning.
    case at(Duration)
    /// When an earlier phase has ended, with what was under way in it.
    case after(Int)
    /// When an earlier phase begins.
    case with(Int)
  }
}

extension LoadPlan {
  /// One phase as a plan of its own.
  package func plan(of phase: PhasePlan) -> LoadPlan {
    var plan = self
    plan.phases = []
    plan.journeys = phase.journeys.map { journeys[$0] }
    plan.workload = phase.workload
    plan.warmUp = phase.warmUp
    plan.gracefulStop = phase.gracefulStop
    plan.seed = phase.seed
    plan.workers = phase.workers
    plan.arrivals = phase.arrivals
    plan.overflow = phase.overflow
    plan.pacing = phase.pacing
    plan.iterationLimit = phase.iterationLimit
    return plan
  }

  /// All that makes load: the plan itself, or a plan for each of its phases.
  package var loads: [LoadPlan] { phases.isEmpty ? [self] : phases.map { plan(of: $0) } }

  /// When each phase begins and ends, if all of them take their whole time; what is under way then may go on.
  package var phaseSpans: [(start: Duration, end: Duration)] {
    var spans: [(start: Duration, end: Duration)] = []
    for phase in phases {
      let start: Duration =
        switch phase.start {
        case .at(let time): time
        case .after(let index): spans.indices.contains(index) ? spans[index].end : .zero
        case .with(let index): spans.indices.contains(index) ? spans[index].start : .zero
        }
      spans.append((start, start + phase.workload.duration))
    }
    return spans
  }

  /// Until the last arrival is due or the last user stops.
  package var duration: Duration {
    phases.isEmpty ? workload.duration : phaseSpans.map(\.end).max() ?? .zero
  }

  /// The most connections that may be open at one time.
  package var peakConnections: Int {
    guard !phases.isEmpty else { return workload.connections * lanes }
    let spans = zip(phaseSpans, phases).map { span, phase in
      (span.start, span.end + phase.gracefulStop, phase.workload.connections * plan(of: phase).lanes)
    }
    return spans.map { at in
      spans.reduce(0) { $0 + ($1.0 <= at.0 && at.0 < max($1.1, $1.0 + .nanoseconds(1)) ? $1.2 : 0) }
    }.max() ?? 0
  }

  /// The most connections that a user, or an iteration in flight, has at a time.
  package var lanes: Int { journeys.flatMap(\.groups).map(\.lanes).max() ?? 1 }

  /// Threads of all phases, or of the plan.
  package var allWorkers: Int { phases.isEmpty ? workers : phases.reduce(0) { $0 + $1.workers } }
}

extension Workload {
  /// The most connections.
  package var connections: Int {
    switch self {
    case .users(let stages): UserSchedule(stages).peak
    case .rate(_, let maxInFlight): maxInFlight
    }
  }
}

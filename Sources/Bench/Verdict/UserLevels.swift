package import BenchEngine
import Measures
import Wording

/// How many virtual users, or iterations in flight, there were at the ends of seconds.
package struct ActiveUsers: Sendable, Equatable {
  package private(set) var lowest = 0
  package private(set) var highest = 0
  package private(set) var last = 0
  package private(set) var seconds: UInt64 = 0

  package init() {}

  mutating func add(_ active: Int) {
    lowest = seconds == 0 ? active : min(lowest, active)
    highest = max(highest, active)
    last = active
    seconds += 1
  }

  /// Adds what came later.
  mutating func add(_ later: ActiveUsers) {
    guard later.seconds > 0 else { return }
    lowest = seconds == 0 ? later.lowest : min(lowest, later.lowest)
    highest = max(highest, later.highest)
    last = later.last
    seconds += later.seconds
  }
}

/// Active users of a run and of its phases: from the end of the warm-up on, and within the planned time, after which users
/// only finish.
package struct UserLevels: Sendable {
  private(set) var whole = ActiveUsers()
  private(set) var phases: [String: ActiveUsers] = [:]

  package init() {}

  package mutating func observe(_ progress: LoadProgress, plan: LoadPlan) {
    let warmUp = plan.phases.isEmpty ? plan.warmUp.nanosecondCount : 0
    let under = progress.spans.filter { !$0.isLast }
    if !under.isEmpty, progress.elapsedNanoseconds > UInt64(clamping: warmUp),
      progress.elapsedNanoseconds < progress.plannedNanoseconds
    {
      whole.add(under.reduce(0) { $0 + $1.active })
    }
    for span in under {
      guard let phase = span.phase.map({ plan.phases[$0] }), span.end > UInt64(clamping: phase.warmUp.nanosecondCount),
        span.end < UInt64(clamping: phase.workload.duration.nanosecondCount)
      else { continue }
      phases[phase.name, default: ActiveUsers()].add(span.active)
    }
  }
}

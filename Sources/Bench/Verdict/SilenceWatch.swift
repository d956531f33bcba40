package import BenchEngine
import Histograms
import Measures
import Wording

/// Follows a run for silences: of each step, in each of its loads.
package struct SilenceWatch: Sendable {
  private struct Load: Sendable {
    /// Index into the plan's phases.
    var phase: Int?
    /// Nanoseconds since the run's start.
    var offset: UInt64 = 0
    var steps: [StepSilence]
    var isClosed: Bool
    var wakes = false
  }

  private var loads: [Load]
  private var gaps: [HostGap] = []

  package init(plan: LoadPlan) {
    func steps(of load: LoadPlan) -> [StepSilence] {
      load.steps.indices.map { step in
        StepSilence(
          step: step, warmUpEnd: UInt64(clamping: load.warmUp.nanosecondCount),
          plannedEnd: UInt64(clamping: load.workload.duration.nanosecondCount),
          planned: PlannedAnswers(load, step: step))
      }
    }
    if plan.phases.isEmpty {
      loads = [Load(phase: nil, steps: steps(of: plan), isClosed: plan.isClosed)]
    } else {
      loads = plan.phases.enumerated().map { index, phase in
        let load = plan.plan(of: phase)
        return Load(phase: index, steps: steps(of: load), isClosed: load.isClosed, wakes: phase.wakes)
      }
    }
  }

  /// Takes what has been seen since the last observation.
  package mutating func observe(_ progress: LoadProgress) {
    gaps = progress.total.generator.hostGaps
    for index in loads.indices {
      // Also of a load that has ended: what it withheld is of one observation.
      for step in loads[index].steps.indices { loads[index].steps[step].lately = Histogram() }
      for span in progress.spans where span.phase == loads[index].phase {
        loads[index].offset = span.offset
        let own = gaps(since: span.offset)
        for step in loads[index].steps.indices { loads[index].steps[step].observe(span, gaps: own) }
      }
    }
  }

  /// The run is over. Later observations are not taken.
  package mutating func finish() {
    for index in loads.indices {
      let own = gaps(since: loads[index].offset)
      for step in loads[index].steps.indices { loads[index].steps[step].finish(gaps: own) }
    }
  }

  private func gaps(since offset: UInt64) -> [HostGap] {
    gaps.filter { $0.end > offset }.map {
      HostGap(start: $0.start > offset ? $0.start - offset : 0, end: $0.end - offset)
    }
  }

  /// In order of their beginning.
  package var silences: [Silence] {
    loads.flatMap { load in
      load.steps.flatMap { $0.silences(phase: load.phase, offset: load.offset) }.map { found in
        var silence = found
        silence.isExpected = load.wakes
        return silence
      }
    }
    .sorted { ($0.start, $0.step) < ($1.start, $1.step) }
  }

  /// What users of closed models would have asked of a step while it was silent: enters it.
  func complete(_ total: inout LoadResult) { enter(\.withheld, into: &total) }

  /// The same of the last observation.
  func complete(lately second: inout LoadResult) { enter(\.lately, into: &second) }

  private func enter(_ withheld: KeyPath<StepSilence, Histogram>, into total: inout LoadResult) {
    for load in loads where load.isClosed {
      for step in load.steps.indices {
        let found = load.steps[step][keyPath: withheld]
        guard !found.isEmpty else { continue }
        total.steps[step].withheld.merge(found)
        if let phase = load.phase { total.phases[phase].steps[step].withheld.merge(found) }
      }
    }
  }
}

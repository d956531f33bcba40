import BenchEngine

/// How a service woke: seconds since the beginning of the phase that found it asleep.
package struct WakeObservation: Sendable, Equatable {
  package var phase: Int
  package var budget: Budget
  /// The first byte of any response of that phase; nil when none came.
  package var firstByteSeconds: Double?
  /// From then on every second's samples held the budget; nil when those of the last second did not, or there were none.
  package var budgetMetSeconds: Double?

  package init(phase: Int, budget: Budget, firstByteSeconds: Double? = nil, budgetMetSeconds: Double? = nil) {
    self.phase = phase
    self.budget = budget
    self.firstByteSeconds = firstByteSeconds
    self.budgetMetSeconds = budgetMetSeconds
  }
}

/// Watches a run second by second for the time from which on a budget holds, in all phases together.
struct WakeWatch: Sendable {
  let phase: Int
  let budget: Budget
  private var second = SlidingWindow(seconds: 1)
  private var start: Double?
  private var firstByte: Double?
  /// Seconds since the run's start.
  private var lastNotMet: Double?
  private var lastMet: Double?

  init(phase: Int, budget: Budget) {
    self.phase = phase
    self.budget = budget
  }

  /// - Parameter lately: the last second's samples.
  mutating func observe(_ progress: LoadProgress, _ lately: MetricsView) {
    let found = progress.total.phases[phase]
    guard let begun = found.startNanoseconds else { return }
    start = Double(begun) / 1e9
    firstByte = found.firstByteNanoseconds.map { Double($0) / 1e9 }
    let now = Double(progress.elapsedNanoseconds) / 1e9
    _ = second.add(SlidingWindow.Added(lately.samples(for: budget.selector)), at: now)
    switch budget.judge(second.samples(over: second.seconds)).outcome {
    case .met: lastMet = now
    case .notMet: lastNotMet = now
    // A second in which nothing ended says nothing.
    case .noData, .unsure: break
    }
  }

  var observation: WakeObservation? {
    guard let start else { return nil }
    var observation = WakeObservation(phase: phase, budget: budget, firstByteSeconds: firstByte)
    if let lastMet, lastMet > lastNotMet ?? -1 {
      observation.budgetMetSeconds = max(0, (lastNotMet ?? start) - start)
    }
    return observation
  }
}

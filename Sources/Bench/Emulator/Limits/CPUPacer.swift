/// Decides when a service that no control group holds back is stopped and continued, so that its CPU time follows the
/// quota: pure, in virtual time.
///
/// As with the kernel's quota, each period allows so much CPU time and what is not used lapses. What is used beyond it,
/// because nobody looks all the time, is owed: the next periods allow less.
package struct CPUPacer: Sendable {
  package enum Order: Sendable, Equatable { case run, stop }

  private let period: Double
  private let quota: Double
  private var periodStart: Double
  /// CPU seconds at the start of the period, less what is owed.
  private var base: Double
  private var used = 0.0
  private var isStopped = false
  private var throttled: UInt64 = 0
  private var active: UInt64 = 0
  private var ranInPeriod = false
  private var stoppedInPeriod = false

  /// - Parameter cpu: cores.
  package init(cpu: Double, period: Double = Double(PlanLimits.periodMicroseconds) / 1e6, at seconds: Double) {
    self.period = period
    quota = cpu * period
    periodStart = seconds
    base = 0
  }

  /// - Parameter used: CPU seconds so far.
  package mutating func look(used: Double, at seconds: Double) -> Order {
    if used > self.used { ranInPeriod = true }
    self.used = used
    let periods = ((seconds - periodStart) / period).rounded(.down)
    if periods >= 1 {
      count()
      periodStart += periods * period
      // A debt is paid by the periods that have passed; no credit is kept.
      base = min(base + periods * quota, used)
    }
    isStopped = used - base >= quota
    if isStopped { stoppedInPeriod = true }
    return isStopped ? .stop : .run
  }

  /// Seconds until it is worth looking again: soon enough that a service on `cores` cores can't run far over.
  package func pause(cores: Int, at seconds: Double) -> Double {
    let untilPeriod = max(0.0005, periodStart + period - seconds)
    guard !isStopped else { return untilPeriod }
    let left = max(0, quota - (used - base)) / Double(max(1, cores))
    return min(untilPeriod, max(0.001, min(left, 0.01)))
  }

  /// The share of the periods in which it ran that it was stopped in.
  package var throttledShare: Double? { active > 0 ? Double(throttled) / Double(active) : nil }

  private mutating func count() {
    if ranInPeriod || stoppedInPeriod { active += 1 }
    if stoppedInPeriod { throttled += 1 }
    ranInPeriod = false
    stoppedInPeriod = isStopped
  }
}

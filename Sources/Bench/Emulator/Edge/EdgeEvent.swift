/// A line of the event log, before it has a time of day.
package struct EdgeEvent: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// The platform starts the process: first, for a wake, or again.
    case started
    /// The service answers, after the first start or a restart.
    case awake
    /// Spun down.
    case asleep
    /// A request wakes it.
    case waking
    /// It answers after a wake.
    case woken
    case wakeFailed = "wake_failed"
    case died
    /// The platform waits before it starts the process again.
    case restarting
    case crashLoop = "crash_loop"
    case suspended
    /// The kernel, or the watch in its place, killed a process above the memory limit.
    case memoryKill = "memory_kill"
    /// The emulation has ended.
    case stopped
  }

  package var kind: Kind
  package var cause: String
  /// Since the emulation began.
  package var elapsedSeconds: Double
  /// Running time so far: from the request that wakes to the spin-down, as instance hours are counted.
  package var awakeSeconds: Double

  package init(_ kind: Kind, cause: String, elapsedSeconds: Double, awakeSeconds: Double) {
    self.kind = kind
    self.cause = cause
    self.elapsedSeconds = elapsedSeconds
    self.awakeSeconds = awakeSeconds
  }
}

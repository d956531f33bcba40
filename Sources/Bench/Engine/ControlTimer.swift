import CLinux
import Glibc
import Histograms
import Synchronization

/// A thread that does nothing but wake up on time, and counts how late it was: what this host does to any timer, for
/// comparison with the generator's own lag.
final class ControlTimer: @unchecked Sendable {
  // Unchecked because of `lag`: written by the timer's thread, read after it has been joined.
  private static let period: UInt64 = 5_000_000

  private let shouldStop = Atomic<Bool>(false)
  private var lag = Histogram()
  private var thread: OwnThread?

  func start(at first: UInt64) throws(EngineError) {
    thread = try OwnThread { [self] in
      _ = clinux_set_timer_slack(1)
      var recorder = HistogramRecorder()
      var due = first
      while !shouldStop.load(ordering: .relaxed) {
        due += Self.period
        var time = timespec(nanoseconds: due)
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
        let now = MonotonicClock.now()
        recorder.record(now - min(due, now))
        // Ticks that were slept through are not made up for.
        if now > due + Self.period { due = now - (now - due) % Self.period }
      }
      lag.merge(recorder)
    }
  }

  /// Ends the thread and returns what it counted.
  func stop() -> Histogram {
    shouldStop.store(true, ordering: .relaxed)
    thread?.join()
    return lag
  }
}

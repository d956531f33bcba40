import CLinux
import Glibc
import Histograms
import Measures
import Synchronization
import Timers

/// A thread that does nothing but wake up on time, and counts how late it was: what this host does to any timer, for
/// comparison with the generator's own lag.
final class ControlTimer: @unchecked Sendable {
  // Unchecked because of `lag`: written by the timer's thread, read after it has been joined.
  private static let gapLimit = 1_000
  private static let period: UInt64 = 5_000_000

  private let shouldStop = Atomic<Bool>(false)
  private var lag = Histogram()
  private let stood: Mutex<[HostGap]> = Mutex([])
  private var thread: OwnThread?

  func start(at first: UInt64) throws(EngineError) {
    thread = try OwnThread.started { [self] in
      _ = clinux_set_timer_slack(1)
      var recorder = HistogramRecorder()
      var due = first
      while !shouldStop.load(ordering: .relaxed) {
        due += Self.period
        var time = timespec(nanoseconds: due)
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
        let now = MonotonicClock.now()
        recorder.record(now - min(due, now))
        if now > due + HostGap.minimum {
          let gap = HostGap(start: due - min(first, due), end: now - first)
          stood.withLock { if $0.count < Self.gapLimit { $0.append(gap) } }
        }
        // Ticks that were slept through are not made up for.
        if now > due + Self.period { due = now - (now - due) % Self.period }
      }
      lag.merge(recorder)
    }
  }

  /// When it was not woken, since `start`'s time.
  var gaps: [HostGap] { stood.withLock { $0 } }

  /// Ends the thread and returns what it counted.
  func stop() -> Histogram {
    shouldStop.store(true, ordering: .relaxed)
    thread?.join()
    return lag
  }
}

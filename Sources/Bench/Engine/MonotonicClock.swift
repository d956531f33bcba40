import Glibc

/// Nanoseconds of `CLOCK_MONOTONIC`: the only clock that durations are taken from.
package enum MonotonicClock {
  @inline(__always)
  package static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// CPU time that the calling thread has used.
  package static func threadCPUTime() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  @inline(__always)
  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
  }
}

extension Duration {
  /// Whole nanoseconds of a duration that is not negative.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    return UInt64(max(seconds, 0)) &* 1_000_000_000 &+ UInt64(max(attoseconds, 0) / 1_000_000_000)
  }
}

extension timespec {
  init(nanoseconds: UInt64) {
    self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}

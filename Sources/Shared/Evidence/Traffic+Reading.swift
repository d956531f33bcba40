extension Traffic {
  /// From the first request to the last, or what was stated.
  package var spanSeconds: Double { Double(to.millisecondsSince1970 - from.millisecondsSince1970) / 1_000 }

  /// The caller that keeps the service awake: it comes more often than the idle clock runs out, and was there for at
  /// least half of the log.
  package func pinger(idleSeconds: Double) -> SetApart? {
    setApart.first { caller in
      guard caller.kind == .monitor, let interval = caller.medianIntervalSeconds, interval > 0,
        interval < idleSeconds
      else { return false }
      return Double(caller.requests) * interval >= spanSeconds / 2
    }
  }
}

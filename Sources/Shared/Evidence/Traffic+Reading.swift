extension Traffic {
  /// From the first request to the last, or what was stated.
  package var spanSeconds: Double { Double(to.millisecondsSince1970 - from.millisecondsSince1970) / 1_000 }

  /// The caller that keeps the service awake: it comes more often than the idle clock runs out, from the log's start to
  /// its end. One that began late or stopped keeps nothing awake by now.
  package func pinger(idleSeconds: Double) -> SetApart? {
    setApart.first { isFrequent($0, idleSeconds: idleSeconds) && isThroughout($0) }
  }

  /// Callers that came more often than the idle clock runs out, but during a part of the log only.
  package func partTimePingers(idleSeconds: Double) -> [SetApart] {
    setApart.filter { caller in
      guard let seen = seenSeconds(caller), seen >= 6 * 3_600 else { return false }
      return isFrequent(caller, idleSeconds: idleSeconds) && coverage(caller, of: seen) >= 0.5 && !isThroughout(caller)
    }
  }

  private func isFrequent(_ caller: SetApart, idleSeconds: Double) -> Bool {
    guard caller.kind == .monitor, let interval = caller.medianIntervalSeconds else { return false }
    return interval > 0 && interval < idleSeconds
  }

  /// There within the log's first tenth and its last two days (its last quarter, when it is shorter than eight days),
  /// and for nine tenths of the time between.
  private func isThroughout(_ caller: SetApart) -> Bool {
    guard let first = caller.first, let last = caller.last, let seen = seenSeconds(caller) else {
      return coverage(caller, of: spanSeconds) >= 0.5
    }
    let late = Double(first.millisecondsSince1970 - from.millisecondsSince1970) / 1_000
    let early = Double(to.millisecondsSince1970 - last.millisecondsSince1970) / 1_000
    return late <= spanSeconds / 10 && early <= min(2 * 86_400, spanSeconds / 4) && coverage(caller, of: seen) >= 0.9
  }

  private func seenSeconds(_ caller: SetApart) -> Double? {
    guard let first = caller.first, let last = caller.last else { return nil }
    return Double(last.millisecondsSince1970 - first.millisecondsSince1970) / 1_000
  }

  /// The share of `seconds` that its requests account for, each with the time to the next.
  private func coverage(_ caller: SetApart, of seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    return Double(caller.requests) * (caller.medianIntervalSeconds ?? 0) / seconds
  }
}

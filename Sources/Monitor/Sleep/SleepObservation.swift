package import Evidence
package import Visits

/// One thing that was seen of a service.
package enum SleepObservation: Sendable, Equatable {
  case heartbeat(Heartbeat)
  /// - because: why it is down, in words.
  case probe(ProbeSign, because: String? = nil)
  /// A line of its access log; the monitor's own requests are not among them.
  case request
  /// Time has passed.
  case tick
  /// The monitor begins to listen, first or again; it last listened at `since` (nil: never).
  case listening(since: Double?)
}

/// What a probe's answer says of the service.
package enum ProbeSign: String, Sendable, Equatable, Codable {
  /// The app answered; if a clock was ticking, this reset it.
  case alive
  /// The edge answered for a sleeping service.
  case asleep
  /// The edge answered that the service is being woken.
  case waking
  /// It should answer and doesn't.
  case down
  case suspended
  case misrouted
  /// Decides nothing.
  case undecided
}

/// A change of state. Times are seconds since 1970, by the monitor's clock.
package struct StateChange: Sendable, Equatable, Codable {
  /// When it happened, as near as the signs allow.
  package var at: Double
  /// When it was known.
  package var seenAt: Double
  package var from: MonitorReport.State
  package var to: MonitorReport.State
  package var cause: String

  package init(at: Double, seenAt: Double, from: MonitorReport.State, to: MonitorReport.State, cause: String) {
    self.at = at
    self.seenAt = seenAt
    self.from = from
    self.to = to
    self.cause = cause
  }
}

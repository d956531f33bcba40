package import Instants

/// One request, as a log line tells of it.
package struct LogEntry: Sendable {
  /// When; nil when the line has no time.
  package var time: Instant?
  /// The visitor's address, or the name that the server looked up for it; empty where the line has neither.
  package var client: LogBytes = []
  package var agent: LogBytes = []
  package var path: LogBytes = []
  package var status: Int?
  /// What the host or the log calls the request; empty where it has no name.
  package var id: LogBytes = []
  /// Bytes sent, as far as the line tells.
  package var bytes: Int?
  package var form: Form = .combined

  package enum Form: Int, CaseIterable, Sendable {
    /// nginx, Apache, gunicorn: common or combined.
    case combined
    case uvicorn
    case json
    /// Express's morgan in its formats dev, tiny and short, without times.
    case morgan
    /// The host's router: the same request may also stand in the service's own log.
    case router
    /// Read by a format that was given, or by one of `KnownForms`.
    case template
  }

  /// Since 1970; nil when the line has no time.
  package var seconds: Int64? { time?.seconds }
  /// Since 1970, with the fraction.
  package var moment: Double? { time.map { Double($0.seconds) + $0.fraction } }
  /// Seconds east of UTC, where the time named them.
  package var zoneOffset: Int? { time?.zoneOffset }
  /// The time named its zone; otherwise it stands in the log's own.
  package var hasZone: Bool { time?.hasZone ?? true }
}

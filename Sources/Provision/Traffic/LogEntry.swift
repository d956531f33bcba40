/// One request, as a log line tells of it.
struct LogEntry {
  /// Seconds since 1970; nil when the line has no time.
  var seconds: Int64?
  /// The time named its zone; otherwise it stands in the log's own.
  var hasZone = true
  /// Seconds east of UTC, where the time named them.
  var zoneOffset: Int?
  var client: LogBytes = []
  var agent: LogBytes = []
  var path: LogBytes = []
  var status: Int?
  /// What the host or the log calls the request; empty where it has no name.
  var id: LogBytes = []
  /// Bytes sent, as far as the line tells.
  var bytes: Int?
  var form: Form = .combined

  enum Form: Int, CaseIterable {
    /// nginx, Apache, gunicorn: common or combined.
    case combined
    case uvicorn
    case json
    /// Express's morgan in its formats dev and tiny, without times.
    case morgan
    /// The host's router: the same request may also stand in the service's own log.
    case router
  }
}

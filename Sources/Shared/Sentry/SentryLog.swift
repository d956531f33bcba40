import Logging

/// Hands each record to the log it stands before, and then to Sentry's intake: errors whatever the log's level is,
/// breadcrumbs where the log has them too.
struct SentryLog: LogHandler {
  private var inner: any LogHandler
  private let label: String
  private let intake: SentryIntake

  init(before inner: any LogHandler, label: String, intake: SentryIntake) {
    self.inner = inner
    self.label = label
    self.intake = intake
  }

  var logLevel: Logger.Level {
    get { min(inner.logLevel, .error) }
    set { inner.logLevel = newValue }
  }

  var metadata: Logger.Metadata {
    get { inner.metadata }
    set { inner.metadata = newValue }
  }

  var metadataProvider: Logger.MetadataProvider? {
    get { inner.metadataProvider }
    set { inner.metadataProvider = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { inner[metadataKey: key] }
    set { inner[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) {
    if event.level >= inner.logLevel { inner.log(event: event) }
    intake.take(event, logger: label, metadata: all(of: event))
  }

  private func all(of event: LogEvent) -> Logger.Metadata {
    var all = inner.metadata
    if let provided = inner.metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
    return all
  }
}

import AppDomain
import Logging

/// What an operator reads of a scrape.
enum IngestLog {
  static func write(_ outcome: IngestOutcome, to logger: Logger) {
    for warning in outcome.warnings.prefix(20) {
      logger.warning("not read", metadata: ["place": "\(warning.place)", "reason": "\(warning.message)"])
    }
    logger.log(
      level: outcome.status == .success ? .info : .error,
      outcome.status == .warning ? "scrape refused" : "scrape finished",
      metadata: [
        "status": "\(outcome.status.rawValue)", "message": "\(outcome.message)",
        "cause": "\(outcome.cause ?? "")", "added": "\(outcome.change.added)",
        "removed": "\(outcome.change.removed)", "updated": "\(outcome.change.updated)",
        "unchanged": "\(outcome.change.unchanged)", "warnings": "\(outcome.warnings.count)",
      ])
  }
}

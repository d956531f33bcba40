import AppStore
import Logging
import Postgres

/// What an operator reads of a database that has to be asked again.
enum StoreLog {
  static func write(_ event: SQLScheduleStore.Following, to logger: Logger) {
    switch event {
    case .listening: logger.info("other instances' changes are followed")
    case .changed: logger.debug("another instance has changed the schedule")
    case .lost(let error):
      logger.warning(
        "other instances' changes are not heard: what they change is served once CACHE_TTL is over",
        metadata: ["error": "\(error)"])
    }
  }

  static func write(_ retry: PostgresRetry, to logger: Logger) {
    logger.warning(
      "the database is asked again",
      metadata: [
        "error": "\(retry.error)", "attempt": "\(retry.attempt)",
        "delay_ms": "\(Int((retry.delay / .milliseconds(1)).rounded()))",
      ])
  }
}

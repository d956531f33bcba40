import Logging
import Postgres

/// What an operator reads of a database that has to be asked again.
enum StoreLog {
  static func write(_ retry: PostgresRetry, to logger: Logger) {
    logger.warning(
      "the database is asked again",
      metadata: [
        "error": "\(retry.error)", "attempt": "\(retry.attempt)",
        "delay_ms": "\(Int((retry.delay / .milliseconds(1)).rounded()))",
      ])
  }
}

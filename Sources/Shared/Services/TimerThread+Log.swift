package import Logging
package import Timers

extension TimerThread {
  /// Tells its failures to a log.
  package convenience init(logger: Logger) throws(ThreadError) {
    try self.init { logger.error("a wait failed", metadata: ["error": "\($0)"]) }
  }
}

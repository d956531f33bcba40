import Logging
import Logs

/// The log of a command that serves.
enum CommandLog {
  /// - Throws: `LogSettings.Refusal`, `ConfigurationError`.
  static func make(_ label: String) throws -> Logger {
    try LogSettings(environment: Settings.current().environment).logger(label)
  }
}

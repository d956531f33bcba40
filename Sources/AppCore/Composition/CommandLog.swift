import Foundation
import Logging

/// The log of a command that serves: stderr, level by LOG_LEVEL.
enum CommandLog {
  static func make(_ label: String) -> Logger {
    let level = ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) }
    var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level ?? .info
    return logger
  }
}

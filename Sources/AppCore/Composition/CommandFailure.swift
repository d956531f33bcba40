import AppScrape
import AppStore
import ArgumentParser
import Curl
import Foundation
import HTTPService
import Postgres
import Support

/// Ends a command with the exit code that belongs to an error, after saying what it was on stderr.
enum CommandFailure {
  static func exit(for error: any Error) -> any Error {
    // What the argument parser throws, it explains itself.
    if error is ArgumentParser.ExitCode || error is ValidationError || error is CleanExit { return error }
    return ArgumentParser.ExitCode(sayAndCode(error))
  }

  /// Says on stderr what it was.
  /// - Returns: the exit code.
  @Sendable static func sayAndCode(_ error: any Error) -> Int32 {
    let error = StoreError.explaining(error) ?? error
    FileHandle.standardError.write(Data("outgrown: \(error)\n".utf8))
    return code(for: error).rawValue
  }

  static func code(for error: any Error) -> Support.ExitCode {
    switch error {
    case is ConfigurationError: .invalidConfiguration
    case let error as StoreError: code(for: error.code)
    case is CurlError: .unavailable
    case let error as ScrapeError: code(for: error.code)
    case is ImplausibleReading: .badData
    case let error as PostgresError: error.code == .urlInvalid ? .invalidConfiguration : .unavailable
    case let error as HTTPServiceError: error.code == .portUnavailable ? .unavailable : .invalidConfiguration
    default: .internal
    }
  }

  private static func code(for code: ScrapeError.Code) -> Support.ExitCode {
    switch code {
    case .unreachable: .unavailable
    case .notASchedule, .refusedURL, .outOfBounds: .badData
    case .cancelled: .interrupted
    }
  }

  private static func code(for code: StoreError.Code) -> Support.ExitCode {
    switch code {
    case .urlInvalid: .invalidConfiguration
    case .cannotOpen, .failed, .schemaTooNew, .halfCopied, .backupFailed: .unavailable
    case .copyRefused, .differs: .badData
    }
  }
}

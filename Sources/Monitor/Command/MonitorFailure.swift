import ArgumentParser
import Documents
import Evidence
import Foundation
import HTTPService
import MonitorLedger
import Support

/// A log that can't be followed, and why.
struct AccessLogRefused: Error, CustomStringConvertible {
  var description: String
}

/// Ends a command with the exit code that belongs to an error, after saying on stderr what it was.
enum MonitorFailure {
  static func exit(for error: any Error) -> any Error {
    if error is ArgumentParser.ExitCode || error is ValidationError || error is CleanExit { return error }
    return ArgumentParser.ExitCode(sayAndCode(error))
  }

  /// Says on stderr what it was.
  /// - Returns: the exit code.
  @Sendable static func sayAndCode(_ error: any Error) -> Int32 {
    let lines = "\(error)".split(separator: "\n").map { "outgrown: \($0)\n" }.joined()
    FileHandle.standardError.write(Data(lines.utf8))
    return code(for: error).rawValue
  }

  static func code(for error: any Error) -> Support.ExitCode {
    switch error {
    case is DocumentError, is AccessLogRefused: .invalidConfiguration
    case let error as LedgerError:
      switch error.code {
      case .cannotOpen, .unwritten: .unavailable
      case .corrupt, .tooNew: .badData
      case .noSuchService: .noData
      }
    case let error as HTTPServiceError: error.code == .portUnavailable ? .unavailable : .invalidConfiguration
    case let error as EvidenceError: error.code == .unwritable ? .unavailable : .badData
    default: .internal
    }
  }

  /// Says something that is no result.
  static func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

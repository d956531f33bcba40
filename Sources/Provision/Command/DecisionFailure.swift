import ArgumentParser
import Documents
import Evidence
import Foundation
import ProvisionTraffic
import Support

/// Why traffic could not be told or no decision made, with the exit code that says so.
struct DecisionFailure: Error, CustomStringConvertible {
  var code: Support.ExitCode
  var message: String

  init(_ code: Support.ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }

  /// Says what went wrong on standard error; the result ends the command with the right code.
  static func exit(for error: any Error) -> any Error {
    let failure: DecisionFailure
    switch error {
    case let error as DecisionFailure: failure = error
    case let error as TrafficError: failure = DecisionFailure(.badData, error.message)
    case let error as DocumentError:
      failure = DecisionFailure(error.code == .unreadable ? .badData : .invalidConfiguration, error.description)
    case let error as EvidenceError:
      failure = DecisionFailure(error.code == .unwritable ? .unavailable : .badData, error.message)
    case is ArgumentParser.ExitCode, is ValidationError, is CleanExit: return error
    default: failure = DecisionFailure(.internal, "\(error)")
    }
    FileHandle.standardError.write(Data("outgrown: \(failure.message)\n".utf8))
    return ArgumentParser.ExitCode(failure.code.rawValue)
  }
}

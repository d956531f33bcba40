import ArgumentParser
import Documents
import Evidence
import Foundation
import ProvisionCost
import ProvisionTraffic
import Support

/// Why a plan, a price, a blueprint, the traffic or a decision could not be given, with the exit code that says so: a
/// file that people write is configuration, missing or malformed; evidence and logs are data.
struct ProvisionFailure: Error, CustomStringConvertible {
  var code: Support.ExitCode
  var message: String

  init(_ code: Support.ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }

  /// Says what went wrong on standard error; the result ends the command with the right code.
  static func exit(for error: any Error) -> any Error {
    let failure: ProvisionFailure
    switch error {
    case let error as ProvisionFailure: failure = error
    case let error as DocumentError: failure = ProvisionFailure(.invalidConfiguration, error.description)
    case let error as StarterFileError: failure = ProvisionFailure(error.code, error.message)
    case let error as CostError: failure = ProvisionFailure(.invalidConfiguration, error.description)
    case let error as TrafficError: failure = ProvisionFailure(.badData, error.message)
    case let error as EvidenceError:
      failure = ProvisionFailure(error.code == .unwritable ? .unavailable : .badData, error.message)
    case is ArgumentParser.ExitCode, is ValidationError, is CleanExit: return error
    default: failure = ProvisionFailure(.internal, "\(error)")
    }
    FileHandle.standardError.write(Data("outgrown: \(failure.message)\n".utf8))
    return ArgumentParser.ExitCode(failure.code.rawValue)
  }
}

import ArgumentParser
import Documents
import Evidence
import Foundation
import ProvisionCost
import Support

/// Why a plan, a price or a blueprint could not be given, with the exit code that says so.
struct PricingFailure: Error, CustomStringConvertible {
  var code: Support.ExitCode
  var message: String

  init(_ code: Support.ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }

  /// Says what went wrong on standard error; the result ends the command with the right code.
  static func exit(for error: any Error) -> any Error {
    let failure: PricingFailure
    switch error {
    case let error as PricingFailure: failure = error
    case let error as DocumentError: failure = PricingFailure(.invalidConfiguration, error.description)
    case let error as CostError: failure = PricingFailure(.invalidConfiguration, error.description)
    case is ArgumentParser.ExitCode, is ValidationError, is CleanExit: return error
    default: failure = PricingFailure(.internal, "\(error)")
    }
    FileHandle.standardError.write(Data("outgrown: \(failure.message)\n".utf8))
    return ArgumentParser.ExitCode(failure.code.rawValue)
  }
}

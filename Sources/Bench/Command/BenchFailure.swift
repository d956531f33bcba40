import ArgumentParser
import BenchEmulator
import BenchEngine
import BenchScenario
import Documents
import Evidence
import Foundation
import Support

/// Why a run could not be made, with the exit code that says so.
struct BenchFailure: Error, CustomStringConvertible {
  var code: Support.ExitCode
  var message: String

  init(_ code: Support.ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ error: EngineError) {
    let code: Support.ExitCode =
      switch error.code {
      case .unresolvable, .unreachable, .tls: .targetNeverAnswered
      case .resources: .generatorBound
      case .system: .internal
      }
    self.init(code, error.message)
  }

  init(_ error: EmulatorError) {
    let code: Support.ExitCode =
      switch error.code {
      case .noControlGroups, .resources: .unavailable
      case .command: .usage
      case .system: .internal
      }
    self.init(code, error.message)
  }

  var description: String { message }

  /// Says what went wrong on standard error; the result ends the command with the right code.
  static func exit(for error: any Error) -> any Error {
    let failure: BenchFailure
    switch error {
    case let error as BenchFailure: failure = error
    case let error as EngineError: failure = BenchFailure(error)
    case let error as EmulatorError: failure = BenchFailure(error)
    case let error as DocumentError: failure = BenchFailure(.invalidConfiguration, error.description)
    case let error as ScenarioError: failure = BenchFailure(.usage, error.description)
    case let error as EvidenceError:
      failure = BenchFailure(error.code == .unwritable ? .unavailable : .badData, error.message)
    case is ArgumentParser.ExitCode, is ValidationError, is CleanExit: return error
    default: failure = BenchFailure(.internal, "\(error)")
    }
    FileHandle.standardError.write(Data("outgrown: \(failure.message)\n".utf8))
    return ArgumentParser.ExitCode(failure.code.rawValue)
  }
}

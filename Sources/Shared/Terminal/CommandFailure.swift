import ArgumentParser

/// Why a command could not do what was asked.
package struct CommandFailure: ExitStating, CustomStringConvertible {
  package var exitStatus: ExitStatus
  package var message: String

  package init(_ status: ExitStatus, _ message: String) {
    exitStatus = status
    self.message = message
  }

  package var description: String { message }

  /// What ends a command with the code that belongs to an error, once standard error says what it was.
  package static func ending(with error: any Error) -> any Error {
    // What the argument parser throws, it explains itself.
    if error is ExitCode || error is ValidationError || error is CleanExit { return error }
    return ExitCode(sayAndCode(error))
  }

  /// Says on standard error what it was.
  /// - Returns: the exit code.
  @Sendable package static func sayAndCode(_ error: any Error) -> Int32 {
    Console.say("\(error)")
    return ((error as? any ExitStating)?.exitStatus ?? .internal).rawValue
  }
}

extension ExitStatus {
  /// Ends a command with this code when it is thrown.
  package var end: any Error { ExitCode(rawValue) }
}

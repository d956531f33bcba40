import Glibc

/// What is started: a program with its arguments and environment, and how to tell that it serves.
package struct ServiceCommand: Sendable {
  /// The program as written, and its arguments.
  package var words: [String]
  /// The program's path.
  package let executable: String
  /// The platform's; it adds PORT.
  package var environment: [String: String]
  /// Asked until the first answer; with a path of one's own only 200 to 399 count as one.
  package var healthPath: String?
  /// The service's output is added to this file.
  package var logFile: String?

  /// - Throws: `EmulatorError` code `.command` when no such program can be run.
  package init(
    _ words: [String], environment: [String: String], healthPath: String? = nil, logFile: String? = nil
  ) throws(EmulatorError) {
    guard let program = words.first, !program.isEmpty else {
      throw EmulatorError(.command, "no command: write it after '--', such as -- python3 app.py")
    }
    guard let found = Self.find(program, in: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin") else {
      throw EmulatorError(.command, "'\(program)' is no program that can be run: check its spelling and PATH")
    }
    self.words = words
    executable = found
    self.environment = environment
    self.healthPath = healthPath
    self.logFile = logFile
  }

  private static func find(_ program: String, in path: String) -> String? {
    func isProgram(_ candidate: String) -> Bool {
      var status = stat()
      return stat(candidate, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(candidate, X_OK) == 0
    }
    if program.contains("/") { return isProgram(program) ? program : nil }
    return path.split(separator: ":").lazy.map { "\($0)/\(program)" }.first(where: isProgram)
  }
}

/// How a service's process ended.
package struct ProcessExit: Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    case code(Int32)
    case signal(Int32)
    /// It was never executed.
    case notStarted(String)
  }

  package var reason: Reason
  /// It, or one of its processes, was killed for memory since it was started.
  package var wasMemoryKilled: Bool
  /// The last of what it wrote.
  package var outputTail: String

  /// For the event log: `exit code 1`, `signal 9`, `signal 9, above the memory limit`.
  package var cause: String {
    let text =
      switch reason {
      case .code(let code): "exit code \(code)"
      case .signal(let signal): "signal \(signal)"
      case .notStarted(let why): why
      }
    return wasMemoryKilled ? text + ", above the memory limit" : text
  }
}

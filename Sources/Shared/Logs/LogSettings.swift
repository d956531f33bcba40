import Glibc
package import Logging
package import Terminal

/// What is logged, how and where to: LOG_LEVEL, LOG_FORMAT, LOG_FILE.
package struct LogSettings: Sendable {
  package var level: Logger.Level
  /// Of standard error.
  package var format: LogFormat
  /// Nobody looks at a file through a terminal.
  package var fileFormat: LogFormat
  package var file: LogFile?

  package struct Refusal: ExitStating, CustomStringConvertible {
    package var description: String
    package var exitStatus: ExitStatus
  }

  /// - Parameters:
  ///   - level: unless LOG_LEVEL says otherwise.
  ///   - isTerminal: people look at standard error.
  /// - Throws: `Refusal` for a value that is none, or a file that can't be written.
  package init(
    environment: [String: String], level: Logger.Level = .info, isTerminal: Bool = isatty(STDERR_FILENO) == 1
  ) throws(Refusal) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.level = level
    if let text = setting("LOG_LEVEL") {
      guard let level = Logger.Level(rawValue: text.lowercased()) else {
        throw Self.unfit("LOG_LEVEL", text, Logger.Level.allCases.map(\.rawValue))
      }
      self.level = level
    }
    var chosen: LogFormat?
    if let text = setting("LOG_FORMAT") {
      chosen = LogFormat(rawValue: text.lowercased())
      if chosen == nil { throw Self.unfit("LOG_FORMAT", text, LogFormat.allCases.map(\.rawValue)) }
    }
    format = chosen ?? (isTerminal ? .text : .json)
    fileFormat = chosen ?? .json
    if let path = setting("LOG_FILE") {
      do {
        file = try LogFile(path: path)
      } catch {
        throw Refusal(description: error.description, exitStatus: .unavailable)
      }
    }
  }

  package func logger(_ label: String) -> Logger { Logger(label: label) { LineLog(label: $0, settings: self) } }

  private static func unfit(_ name: String, _ text: String, _ known: [String]) -> Refusal {
    Refusal(
      description: "\(name) \(text.prefix(50).debugDescription): one of \(known.joined(separator: ", ")) was expected",
      exitStatus: .invalidConfiguration)
  }
}

package import Foundation

/// Where a command speaks: results on standard output, all else on standard error.
package enum Console {
  /// A line that is no result.
  package static func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

  /// The same, under the program's name.
  package static func say(_ text: String) { note("outgrown: \(text)") }

  /// Ends the process where nobody can have the result: a full disk is no pass.
  package static func write(_ data: Data) {
    do { try FileHandle.standardOutput.write(contentsOf: data) } catch {
      say("standard output can't be written: \(error.localizedDescription)")
      exit(ExitStatus.unavailable.rawValue)
    }
  }

  package static func write(lines: [String]) { write(Data((lines.joined(separator: "\n") + "\n").utf8)) }

  /// A document on standard output.
  package static func write(json document: some Encodable) throws { write(try json(document)) }

  /// For people and programs: over several lines, keys sorted so that the same document has the same bytes.
  package static func json(_ document: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(document) + Data("\n".utf8)
  }

  /// For what is shown on standard output.
  package static var style: ConsoleStyle {
    .detect(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
  }
}

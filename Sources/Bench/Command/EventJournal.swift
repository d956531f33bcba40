import BenchEmulator
import Evidence
import Foundation
import Terminal

/// Writes each event at once: as JSON lines to a file or standard output, as a status line for people to standard error.
///
/// Unchecked because only the edge's thread writes after it has been made.
final class EventJournal: @unchecked Sendable {
  private struct Line: Encodable {
    var at: UTCInstant
    var elapsedSeconds: Double
    var event: String
    var cause: String
    var awakeSeconds: Double
    var limiter: String

    enum CodingKeys: String, CodingKey {
      case at, event, cause, limiter
      case elapsedSeconds = "elapsed_s"
      case awakeSeconds = "awake_s"
    }
  }

  private let outputs: [FileHandle]
  private let limiter: LimiterKind
  private let encoder = JSONEncoder()

  /// - Parameters:
  ///   - path: made anew.
  ///   - printsJSON: on standard output.
  init(path: String?, printsJSON: Bool, limiter: LimiterKind) throws(CommandFailure) {
    var outputs: [FileHandle] = []
    if let path {
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let handle = FileHandle(forWritingAtPath: path)
      else { throw CommandFailure(.unavailable, "--events \(path): can't be written: does its directory exist?") }
      outputs.append(handle)
    }
    if printsJSON { outputs.append(.standardOutput) }
    self.outputs = outputs
    self.limiter = limiter
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  func record(_ event: EdgeEvent) {
    let line = Line(
      at: UTCInstant(Date()), elapsedSeconds: Self.milliseconds(event.elapsedSeconds), event: event.kind.rawValue,
      cause: event.cause, awakeSeconds: Self.milliseconds(event.awakeSeconds), limiter: limiter.rawValue)
    if let data = try? encoder.encode(line) {
      for output in outputs { try? output.write(contentsOf: data + Data("\n".utf8)) }
    }
    Console.note(Self.statusLine(event))
  }

  /// `    12.3 s  asleep       idle 20 s                      awake 12.1 s`
  static func statusLine(_ event: EdgeEvent) -> String {
    let time = String(format: "%9.1f s", event.elapsedSeconds)
    let name = event.kind.rawValue.replacingOccurrences(of: "_", with: " ")
    let awake = String(format: "%.1f s", event.awakeSeconds)
    return "\(time)  \(TextLayout.left(name, 12))"
      + "\(TextLayout.left(event.cause, max(34, event.cause.count + 2)))running \(awake)"
  }

  private static func milliseconds(_ seconds: Double) -> Double { (seconds * 1_000).rounded() / 1_000 }
}

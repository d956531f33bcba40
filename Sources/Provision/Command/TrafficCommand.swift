import ArgumentParser
import Evidence
import Foundation
import ProvisionDecision
import ProvisionTraffic
import Terminal
import Visits

/// `outgrown provision traffic --from access.log…`.
struct TrafficCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traffic",
    abstract: "Tells from access logs who comes when, and what sleep does to them.",
    discussion: """
      outgrown provision traffic --from access.log --time-zone Asia/Kolkata
      outgrown provision traffic --from /var/log/nginx/access.log* --out traffic.json

      zcat access.log.*.gz | outgrown provision traffic --from -

      Logs: combined and common format with what servers put around it, the host's log export, JSON lines, logfmt, and the \
      forms of many servers and proxies (docs/traffic.md); plain or gzip'd. Any other by --log-format.
      """)

  @Option(
    name: .customLong("from"), parsing: .upToNextOption,
    help: ArgumentHelp("Access logs, in any order; - for standard input.", valueName: "file"))
  var files: [String]

  @OptionGroup var zones: LogZoneOptions

  @Flag(help: "Print the evidence (traffic.json) instead of the summary.")
  var json = false

  @Option(help: ArgumentHelp("Also write the evidence to this file.", valueName: "file"))
  var out: String?

  func run() throws {
    let traffic = try zones.read(files)
    if let out { try EvidenceFile.write(traffic, to: out) }
    if json {
      Console.write(try EvidenceFile.encode(traffic))
      return
    }
    let lines = TrafficSummary.render(traffic, affected: AffectedNow.line(traffic))
    print(lines.joined(separator: "\n"))
    if let out { print("  evidence       \(out)") }
  }
}

/// The zones of a log's times.
struct LogZoneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Reckon days and hours in this zone, such as Asia/Kolkata (default: by the offset in the log, else UTC).",
      valueName: "zone"))
  var timeZone: String?

  @Option(help: ArgumentHelp("The zone of times in the log that name none.", valueName: "zone"))
  var logTimeZone = "UTC"

  @Option(
    help: ArgumentHelp(
      "The form of the log's lines, as nginx's log_format or Apache's LogFormat has it, where it is not known.",
      valueName: "format"))
  var logFormat: String?

  /// Reads logs, with progress on standard error when that is a terminal.
  func read(_ files: [String]) throws -> Traffic {
    let zone = timeZone.flatMap { TimeZone(identifier: $0) }
    if let timeZone, zone == nil { throw unknown("--time-zone", timeZone) }
    guard let logZone = TimeZone(identifier: logTimeZone) else { throw unknown("--log-time-zone", logTimeZone) }
    let isTerminal = isatty(2) == 1
    let traffic = try LogTraffic(timeZone: zone, logTimeZone: logZone, format: try format).read(
      files, build: .current, doubt: { Console.note("! \($0)") },
      progress: { lines in
        if isTerminal { FileHandle.standardError.write(Data("\r\(lines / 1_000),000 lines…".utf8)) }
      })
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    return traffic
  }

  private var format: LogForm? {
    get throws {
      do {
        return try logFormat.map { notation throws(LogFormError) in try LogForm(notation: notation) }
      } catch {
        throw CommandFailure(.usage, "--log-format: \(error)")
      }
    }
  }

  private func unknown(_ option: String, _ zone: String) -> CommandFailure {
    CommandFailure(.usage, "\(option) \(zone): unknown zone, expected an IANA name such as Asia/Kolkata")
  }
}

import ArgumentParser
import BenchEngine
import BenchReporting
import Evidence
import Foundation
import Terminal
import Wording

/// `outgrown bench calibrate`.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measures what this host and the generator take of every figure, against a server that does nothing.",
    discussion: """
      A light load on loopback gives the floor of response times, a full one the ceiling of requests a second. Both \
      are kept for this host; reports of later runs say which of their figures are below twice the floor. Run it while \
      the host is as quiet as it will be.

      Exit codes: 0 kept · 69 the file can't be written · 70 a request against the server failed · 105 interrupted.
      """)

  @Option(name: .customLong("for"), help: "How long each of the two loads lasts.")
  var duration: String = "5s"

  @Option(help: "The file to keep it in. (default: outgrown/calibration.json in $XDG_CACHE_HOME or ~/.cache)")
  var out: String?

  @Flag(help: "Print it as JSON on standard output instead of the summary.")
  var json = false

  func validate() throws {
    guard let time = DurationText.parse(duration), (.seconds(1) ... .seconds(600)).contains(time) else {
      throw ValidationError("--for \(duration): expected a duration from 1s to 10m")
    }
  }

  func run() throws {
    let path = try out ?? CalibrationFile.defaultPath(ProcessInfo.processInfo.environment)
    try EvidenceFile.requireWritable(folder: URL(filePath: path).deletingLastPathComponent().path)
    let control = LoadEngine.Control()
    let signals = InterruptSignals { control.interrupt() }
    defer { signals.cancel() }
    let measuring = CalibrationRun(
      duration: DurationText.parse(duration) ?? .seconds(5), control: control,
      progress: Console.note)
    let calibration = try measuring.run()
    try EvidenceFile.write(calibration, to: path)
    if json {
      Console.write(try EvidenceFile.encode(calibration))
    } else {
      print(CalibrationText.lines(calibration, path: path).joined(separator: "\n"))
    }
  }
}

import ArgumentParser
import BenchComparison
import BenchEmulator
import BenchEngine
import BenchScenario
import Evidence
import Foundation
import Statistics
import Terminal
import Wording

/// What every command that measures two services at once can be told.
struct DuetOptions: ParsableArguments {
  @Argument(help: "The scenario, with a steady load: users or rate.")
  var scenario: String

  @Option(help: "How many pairs of blocks are measured.")
  var blocks = 12

  @Option(
    help: "A block's time after its warm-up. (default: until its figures hold still, by a trial block; 3s to 60s)")
  var blockTime: String?

  @Option(help: "A block's warm-up, which is in no figure.")
  var warmUp = "1s"

  @Option(help: ArgumentHelp("Path that is asked until a started side answers with 200 to 399.", valueName: "path"))
  var healthPath: String?

  @Option(help: "A start that has not answered by then has failed.")
  var startTimeout = "60s"

  @Option(help: ArgumentHelp("Add what the started sides print to this file.", valueName: "path"))
  var serviceLog: String?

  @OptionGroup var variables: VariableOptions

  @OptionGroup var load: LoadOptions

  func validate() throws {
    guard (1...DuetComparison.mostBlocks).contains(blocks) else {
      throw ValidationError("--blocks \(blocks): expected 1 to \(DuetComparison.mostBlocks)")
    }
    try PlanOptions.check(healthPath: healthPath)
  }

  /// Measures and judges both, and writes `comparison.json` and `comparison.md`.
  /// - Parameters:
  ///   - kind: the folder of its reports in `out`.
  ///   - finish: is told what was found, before it is written.
  func run(
    base: String, head: String, kind: String, rule: ComparisonReport.Rule,
    finish: (inout ComparisonReport) throws -> ExitStatus
  ) throws -> ExitStatus {
    let scenario = try ScenarioReader.read(path: scenario)
    let warmUp = try PlanOptions.duration("--warm-up", warmUp)
    let blockTime = try blockTime.map { try PlanOptions.duration("--block-time", $0) }
    if let blockTime, blockTime < .seconds(1) {
      throw CommandFailure(.usage, "--block-time \(DurationText.format(blockTime)): expected at least 1s")
    }
    _ = try scenario.block(warmUp: warmUp, measured: .seconds(1), draw: 0)
    let folder = load.out ?? "out/\(kind)/\(FolderName.from(scenario.name))"
    try EvidenceFile.requireWritable(folder: folder)
    if let kept = load.out.flatMap(Self.kept) {
      throw CommandFailure(.usage, "--out: \(kept) is there already: name a folder without another gate's blocks")
    }
    let control = LoadEngine.Control()
    let signals = InterruptSignals { control.interrupt() }
    defer { signals.cancel() }
    let ports = try [base, head].contains { !DuetSide.isURL($0) } ? LocalPort.two() : []
    let starting = DuetSide.Starting(
      healthPath: healthPath, timeout: try PlanOptions.duration("--start-timeout", startTimeout).seconds,
      logFile: serviceLog)
    let base = try DuetSide("base", base, ports: ports, starting: starting, control: control)
    defer { base.remove() }
    let head = try DuetSide("head", head, ports: ports, starting: starting, control: control)
    defer { head.remove() }
    var duet = Duet(
      scenario: scenario, base: base, head: head, load: load, warmUp: warmUp, blocks: blocks, control: control)
    duet.blockTime = blockTime
    duet.variables = try variables.values
    duet.file = self.scenario
    duet.folder = load.out
    let measured = try duet.run()
    var report = try DuetComparison(rule)
      .compare(
        measured.base, measured.head, control: measured.control, blockSeconds: measured.blockTime.seconds,
        warmUpSeconds: warmUp.seconds, secondsPerBlock: measured.secondsPerBlock,
        startsAnew: base.startsAnew && head.startsAnew, busy: SortedSample(measured.busy).median)
    if !base.hasGroup || !head.hasGroup {
      report.warnings.append("no control groups here: a side with more processes may get more of the machine")
    }
    let status = try finish(&report)
    try EvidenceFile.write(report, to: "\(folder)/comparison.json")
    try EvidenceFile.write(Data(ComparisonText(report).markdown.utf8), to: "\(folder)/comparison.md")
    return status
  }

  /// What an earlier gate has left.
  private static func kept(_ folder: String) -> String? {
    ["base", "head"].map { "\(folder)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
  }
}

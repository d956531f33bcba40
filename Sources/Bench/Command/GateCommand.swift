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

/// `outgrown bench gate --base URL|CMD --head URL|CMD SCENARIO`.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Measures two versions of a service at once, and says whether the head is slower.",
    discussion: """
      outgrown bench gate --base 'base/server' --head 'head/server' scenario.yaml
      outgrown bench gate --base http://127.0.0.1:8000 --head http://127.0.0.1:8001 scenario.yaml

      A command runs in a shell, gets PORT, and is started anew for every block, so that what is peculiar to one process \
      is no difference. Both sides bear the same load at once: what the machine does meanwhile it does to both. Judged \
      are the scenario's own budgets, without their limits, else the response times of its steps and what failed.

      Exit codes: 0 equivalent or improved · 69 a side does not start · 98 undecided, or no answer · 99 regressed · \
      104 a scenario without a steady load.
      """)

  @Option(help: ArgumentHelp("What is there now: where it listens, or what starts it.", valueName: "url|command"))
  var base: String

  @Option(help: ArgumentHelp("What is to be judged, likewise.", valueName: "url|command"))
  var head: String

  @Argument(help: "The scenario, with a steady load: users or rate.")
  var scenario: String

  @Option(help: "How many pairs of blocks are measured.")
  var blocks = 12

  @Option(
    help: "A block's time after its warm-up. (default: until its figures hold still, by a trial block; 3s to 60s)")
  var blockTime: String?

  @Option(help: "A block's warm-up, which is in no figure.")
  var warmUp = "1s"

  @Option(
    help: ArgumentHelp("Path that is asked until a started side answers with 200 to 399.", valueName: "path"))
  var healthPath: String?

  @Option(help: "A start that has not answered by then has failed.")
  var startTimeout = "60s"

  @Option(help: ArgumentHelp("Add what the started sides print to this file.", valueName: "path"))
  var serviceLog: String?

  @OptionGroup var rule: ComparisonOptions

  @OptionGroup var variables: VariableOptions

  @OptionGroup var load: LoadOptions

  func validate() throws {
    guard (1...DuetComparison.mostBlocks).contains(blocks) else {
      throw ValidationError("--blocks \(blocks): expected 1 to \(DuetComparison.mostBlocks)")
    }
    try PlanOptions.check(healthPath: healthPath)
    if base.isEmpty || head.isEmpty { throw ValidationError("--base and --head: expected a URL or a command") }
  }

  func run() throws {
    let scenario = try ScenarioReader.read(path: scenario)
    let warmUp = try PlanOptions.duration("--warm-up", warmUp)
    let blockTime = try blockTime.map { try PlanOptions.duration("--block-time", $0) }
    if let blockTime, blockTime < .seconds(1) {
      throw CommandFailure(.usage, "--block-time \(DurationText.format(blockTime)): expected at least 1s")
    }
    _ = try scenario.block(warmUp: warmUp, measured: .seconds(1))
    let folder = load.out ?? "out/gate/\(FolderName.from(scenario.name))"
    try EvidenceFile.requireWritable(folder: folder)
    if let kept = load.out.flatMap(Self.kept) {
      throw CommandFailure(.usage, "--out \(kept) is there already: name a folder without blocks of another gate")
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
    var report = try DuetComparison(rule.rule(level: DuetComparison.level))
      .compare(
        measured.base, measured.head, control: measured.control,
        blockSeconds: measured.blockTime.seconds, warmUpSeconds: warmUp.seconds,
        startsAnew: base.startsAnew && head.startsAnew, busy: SortedSample(measured.busy).median)
    if !base.hasGroup || !head.hasGroup {
      report.warnings.append("no control groups here: a side with more processes may get more of the machine")
    }
    var options = rule
    if load.json { options.format = .json }
    let status = try options.show(&report)
    try EvidenceFile.write(report, to: "\(folder)/comparison.json")
    throw status.end
  }

  /// What an earlier gate has left.
  private static func kept(_ folder: String) -> String? {
    ["base", "head"].map { "\(folder)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
  }
}

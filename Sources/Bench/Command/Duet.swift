import BenchCapacity
import BenchComparison
import BenchEngine
import BenchScenario
import BenchVerdict
import Dispatch
import Evidence
import Foundation
import Statistics
import Synchronization
import Terminal
import Timers
import Wording

/// Two services under one load at once, block after block.
struct Duet {
  let scenario: Scenario
  let base: DuetSide
  let head: DuetSide
  let load: LoadOptions
  var variables: [String: String] = [:]
  var file: String?
  let warmUp: Duration
  /// Nil: as long as the figures take to hold still.
  var blockTime: Duration?
  let blocks: Int
  /// Where the blocks' reports are kept; nil: nowhere.
  var folder: String?
  let control: LoadEngine.Control

  struct Measured {
    var base: ReportSet
    var head: ReportSet
    var control: (base: [Double], head: [Double])
    var blockTime: Duration
    /// Of this machine's processors, a share a block.
    var busy: [Double]
    /// In all, with starts and warm-up.
    var secondsPerBlock: Double
  }

  /// What one block showed.
  private struct Block {
    var base: BenchSession.Finished
    var head: BenchSession.Finished
    var control: (base: Double, head: Double)
    var busy: Double?
  }

  private static let trialTime = Duration.seconds(3)
  private static let shortest = Duration.seconds(3)
  private static let longest = Duration.seconds(60)

  /// Blocks for all of it; says on standard error how far it is.
  /// - Throws: `CommandFailure` where a side does not start, or when it was interrupted.
  func run() throws -> Measured {
    let arm = try ControlArm()
    let scratch = FileManager.default.temporaryDirectory.appending(path: "outgrown-gate-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    var time = Self.trialTime
    /// Seconds of a block besides its time.
    var around = warmUp.seconds
    if let blockTime {
      time = blockTime
    } else {
      Console.note("a trial block says how long blocks are to be …")
      let begin = MonotonicClock.now()
      let trial = try measure(0, time: time, arm, scratch: scratch)
      around = max(0, Double(MonotonicClock.now() - begin) / 1e9 - time.seconds)
      let steady = DuetComparison.steadySeconds(trial.base.report) * 1.15
      time = min(max(.seconds(steady.rounded(.up)), Self.shortest), Self.longest)
    }
    Console.note(
      "\(CountText.plural(blocks, "block")) of \(DurationText.format(time)), both sides at once"
        + (base.startsAnew || head.startsAnew ? ", started anew for each" : "")
        + ": about \(DurationText.format(.seconds(((time.seconds + around) * Double(blocks)).rounded())))")
    var reports: (base: [(String, BenchReport)], head: [(String, BenchReport)]) = ([], [])
    var measured = Measured(
      base: ReportSet(source: base.source, reports: []), head: ReportSet(source: head.source, reports: []),
      control: ([], []), blockTime: time, busy: [], secondsPerBlock: 0)
    let begin = MonotonicClock.now()
    for number in 0..<blocks {
      let block = try measure(number, time: time, arm, scratch: scratch)
      let name = String(number + 1)
      if let folder {
        _ = try block.base.write(to: "\(folder)/base/\(name)")
        _ = try block.head.write(to: "\(folder)/head/\(name)")
      }
      reports.base.append((name, block.base.report))
      reports.head.append((name, block.head.report))
      measured.control.base.append(block.control.base)
      measured.control.head.append(block.control.head)
      if let busy = block.busy { measured.busy.append(busy) }
      let line = DuetComparison.line(base: block.base.report, head: block.head.report)
      Console.note("block \(TextLayout.left(name, 3)) of \(blocks)  \(line)")
    }
    measured.secondsPerBlock = Double(MonotonicClock.now() - begin) / 1e9 / Double(blocks)
    measured.base = ReportSet(source: base.source, reports: reports.base)
    measured.head = ReportSet(source: head.source, reports: reports.head)
    return measured
  }

  // MARK: One block

  /// Who comes first, and on which port: by turns A B, B A, B A, A B.
  static func isSwapped(_ block: Int) -> Bool { [1, 2].contains(block % 4) }

  private func measure(_ number: Int, time: Duration, _ arm: ControlArm, scratch: String) throws -> Block {
    let sides = Self.isSwapped(number) ? [head, base] : [base, head]
    defer { for (place, side) in sides.enumerated() { side.stop(at: place) } }
    var targets: [TargetURL] = []
    for (place, side) in sides.enumerated() { targets.append(try side.start(at: place)) }
    let block = try scenario.block(warmUp: warmUp, measured: time, draw: number)
    let start = StartLine(runners: 4)
    let cpu = Mutex<HostCPU?>(nil)
    var runs: [Runner<BenchSession.Finished>] = []
    var controls: [Runner<LoadResult>] = []
    for (place, side) in sides.enumerated() {
      var options = load
      options.out = "\(scratch)/\(side.name)"
      var session = BenchSession(scenario: block, target: targets[place], load: options)
      session.variables = variables
      session.file = file
      session.showsProgress = false
      let line = start.lane()
      session.whenReady = {
        line.come()
        cpu.withLock { $0 = $0 ?? HostCPU.now }
      }
      let ready = session
      runs.append(
        try Runner {
          defer { line.leave() }
          return try ready.measure(control)
        })
      let plan = arm.plan(side.name == base.name ? 0 : 1, warmUp: warmUp, measured: time)
      let lane = start.lane()
      controls.append(
        try Runner {
          defer { lane.leave() }
          let address = try Preflight.reach(plan)
          lane.come()
          return try LoadEngine.run(plan, to: address, control: control)
        })
    }
    let finished = runs.map { $0.result() }
    let idle = HostCPU.idleShare(since: cpu.withLock { $0 })
    let beside = controls.map { $0.result() }
    if control.isInterrupted {
      throw CommandFailure(.interrupted, "interrupted in block \(number + 1) of \(blocks): nothing is judged")
    }
    let (first, second) = (try finished[0].get(), try finished[1].get())
    for (side, run) in zip(sides, [first, second]) {
      // Who answers nothing from the start was named wrongly; who ceases to has a figure of that.
      guard let failure = run.failure, number == 0 || failure.exitStatus != .targetNeverAnswered else { continue }
      throw CommandFailure(failure.exitStatus, "the \(side.name): \(failure.message)")
    }
    let quantiles = try beside.map { ControlArm.quantile(try $0.get()) }
    let isHere = base.isHere || head.isHere
    let busy = isHere ? idle.map { 1 - min(1, $0) } : nil
    return Self.isSwapped(number)
      ? Block(base: second, head: first, control: (quantiles[1], quantiles[0]), busy: busy)
      : Block(base: first, head: second, control: (quantiles[0], quantiles[1]), busy: busy)
  }
}

/// What runs on a thread of its own, with what it comes to.
private final class Runner<Value: Sendable>: Sendable {
  private let outcome: Outcome
  private let thread: OwnThread

  private final class Outcome: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
  }

  init(_ work: @escaping @Sendable () throws -> Value) throws {
    let outcome = Outcome()
    thread = try OwnThread {
      let value = Result(catching: work)
      outcome.value.withLock { $0 = value }
    }
    self.outcome = outcome
  }

  /// Waits for the end. To be called once.
  func result() -> Result<Value, any Error> {
    thread.join()
    return outcome.value.withLock { $0 } ?? .failure(CommandFailure(.internal, "a block's thread left nothing"))
  }
}

/// Where all wait for the last, so that they begin at once.
private final class StartLine: Sendable {
  private let group = DispatchGroup()

  init(runners: Int) { for _ in 0..<runners { group.enter() } }

  func lane() -> Lane { Lane(group) }

  /// One runner's.
  final class Lane: Sendable {
    private let group: DispatchGroup
    private let hasCome = Mutex(false)

    init(_ group: DispatchGroup) { self.group = group }

    /// Waits until all have come, or left.
    func come() {
      leave()
      group.wait()
    }

    /// Lets nobody wait for it any more.
    func leave() {
      let isFirst = hasCome.withLock { come in
        defer { come = true }
        return !come
      }
      if isFirst { group.leave() }
    }
  }
}

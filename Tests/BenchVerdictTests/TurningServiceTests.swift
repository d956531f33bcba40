import BenchEngine
import BenchVerdict
import Foundation
import Terminal
import TestSupport
import Testing

/// Verdicts on services that turn bad after a third of the run: each cell's exit code is stated beforehand. The runs were
/// real, against `scripts/turning-server.py`, and are folded anew; `scripts/verify-verdicts` makes them anew.
struct TurningServiceTests {
  enum Load: String, CaseIterable {
    case closed, queue, drop

    var plan: LoadPlan {
      let stage = { (target: Double) in Workload.Stage(duration: .seconds(6), target: target, isStep: true) }
      return LoadPlan(
        endpoint: Endpoint(host: "127.0.0.1", port: 1),
        steps: [StepPlan(name: "list", request: Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))],
        journeys: [JourneyPlan(name: "list", weight: 1, steps: [0])],
        workload: self == .closed ? .users([stage(10)]) : .rate([stage(100)], maxInFlight: 20),
        overflow: self == .drop ? .drop : .queue)
    }
  }

  enum Fault: String, CaseIterable {
    case freeze, reset, refuse, stall, slow

    var isDeath: Bool { self == .freeze || self == .reset || self == .refuse }
  }

  private static let budgets: [String?] = [nil, "p(95) < 100ms", "failed: rate < 5%"]
  private static let cells = Load.allCases.flatMap { load in Fault.allCases.map { (load, $0) } }

  private static func file(_ load: Load, _ fault: Fault) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(load.rawValue)-\(fault.rawValue).json")
  }

  @Test(
    "no death is green, a stall is red, slowness where it was promised against or outruns an open load",
    arguments: cells)
  func verdict(load: Load, fault: Fault) throws {
    let run = try JSONDecoder().decode(RecordedRun.self, from: Data(contentsOf: Self.file(load, fault)))
    for budget in Self.budgets {
      let isHarmless = fault == .slow && load == .closed && budget?.hasPrefix("p(95)") != true
      let verdict = run.verdict(try budget.map { [try Budget.parse($0)] } ?? [], plan: load.plan)
      #expect(
        verdict.exitCode == (isHarmless ? .pass : .notMet),
        "\(load)-\(fault)-\(budget ?? "none"): \(verdict.budgets.map { "\($0.budget.text) \($0.observedText)" })")
    }
  }

  @Test(
    "the recordings are of real runs: made anew with OUTGROWN_RECORD=1", .enabled(if: isRecording), arguments: cells)
  func record(load: Load, fault: Fault) async throws {
    try await withTemporaryDirectory { folder in
      let ready = folder + "/port"
      let server = Process()
      server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../scripts/turning-server.py").path
      server.arguments = ["python3", script, fault.rawValue, "2", ready]
      try server.run()
      defer { server.terminate() }
      #expect(await FileArrival.wait(for: ready, upTo: 20, while: { true }))
      let port = try #require(UInt16(try String(contentsOfFile: ready, encoding: .utf8)))
      var plan = load.plan
      plan.endpoint.port = port
      var seen: [LoadProgress] = []
      let address = try #require(try SocketAddress.resolve(host: "127.0.0.1", port: port).first)
      let result = try LoadEngine.run(plan, to: address) { progress in
        seen.append(progress)
        return .goOn
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      try encoder.encode(RecordedRun(seen, result)).write(to: Self.file(load, fault))
    }
  }

  private static var isRecording: Bool { ProcessInfo.processInfo.environment["OUTGROWN_RECORD"] != nil }
}

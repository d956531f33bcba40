import Evidence
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BenchCommand

/// `outgrown bench gate` and `noise` by the executable, against servers that live in this process.
@Suite struct GateTests {
  /// A scenario of 100 requests a second, so that blocks of a second are blocks.
  private static let scenario = """
    name: pair
    target: http://127.0.0.1:1
    load: {rate: 100/s, hold: 3s, seed: 7}
    journeys:
      - name: visit
        steps:
          - name: page
            get: /page
    """

  private typealias Ended = (code: Int32?, output: String, errors: String)

  private func outgrown(
    _ arguments: [String], in folder: String, scenario: String = GateTests.scenario
  ) async throws -> Ended {
    try scenario.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    let process = try BuiltExecutable(["bench"] + arguments, in: folder, output: folder + "/output")
    let code = await process.exitStatus()
    return (code, (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? "", process.log)
  }

  private func server(_ status: String = "200 OK", counting: CountingRequests? = nil) throws -> LoopbackServer {
    try LoopbackServer { head in
      counting?.add(head)
      return LoopbackServer.Answer(status: status, body: Array("ok".utf8))
    }
  }

  private final class CountingRequests: Sendable {
    private let seen = Mutex(0)
    func add(_ head: String) { if head.hasPrefix("GET /page ") { seen.withLock { $0 += 1 } } }
    var count: Int { seen.withLock { $0 } }
  }

  @Test("both sides bear the same load at once, every block is kept, and two of them decide nothing")
  func blocks() async throws {
    let (first, second) = (CountingRequests(), CountingRequests())
    let (base, head) = (try server(counting: first), try server(counting: second))
    defer {
      base.stop()
      head.stop()
    }
    let arguments = [
      "gate", "--base", base.url, "--head", head.url, "s.yaml", "--blocks", "2", "--block-time", "1s", "--warm-up",
      "200ms", "--format", "json", "--out", "kept",
    ]
    try await withTemporaryDirectory { folder in
      let (code, output, errors) = try await outgrown(arguments, in: folder)
      #expect(code == 98, "\(errors)")
      let report = try EvidenceFile.decode(ComparisonReport.self, from: Data(output.utf8))
      #expect(report.outcome == .undecided)
      #expect(report.exitCode == 98)
      #expect(report.base.runs == 2)
      #expect(report.figures.first?.reason?.hasPrefix("2 blocks: at least") == true)
      let duet = try #require(report.duet)
      #expect(duet.blockSeconds == 1)
      #expect(!duet.startsAnew)
      #expect(first.count == second.count)
      #expect(first.count == 2 * 120)
      #expect(try EvidenceFile.read(ComparisonReport.self, from: folder + "/kept/comparison.json") == report)
      for side in ["base", "head"] {
        for block in 1...2 {
          let kept = try EvidenceFile.read(BenchReport.self, from: folder + "/kept/\(side)/\(block)/report.json")
          #expect(kept.totals.requests.attempts == 100)
          #expect(kept.steps.map(\.name) == ["page"])
        }
      }
      // Another gate's blocks are not mixed with these.
      let again = try await outgrown(arguments, in: folder)
      #expect(again.code == 64)
      #expect(again.errors.contains("another gate's blocks"))
    }
  }

  @Test("what a side fails by is told with its name, before anything is measured")
  func sides() async throws {
    let base = try server()
    defer { base.stop() }
    func gate(_ head: String, _ more: [String] = []) async throws -> Ended {
      try await withTemporaryDirectory { folder in
        try await outgrown(
          ["gate", "--base", base.url, "--head", head, "s.yaml", "--block-time", "1s", "--warm-up", "100ms"] + more,
          in: folder)
      }
    }
    let nobody = try await gate("http://127.0.0.1:9")
    #expect(nobody.code == 96)
    #expect(nobody.errors.contains("the head: no connection to 127.0.0.1, port 9"))
    let ended = try await gate("echo no database >&2; exit 3")
    #expect(ended.code == 69)
    #expect(ended.errors.contains("the head did not start: exit code 3"))
    #expect(ended.errors.contains("│ no database"))
    let mute = try await gate("exec sleep 20", ["--start-timeout", "300ms"])
    #expect(mute.code == 69)
    #expect(mute.errors.contains("no answer within"))
  }

  @Test(
    "a scenario without a steady load is refused, and how to write one is said",
    arguments: [
      ("load: {rate: 100/s, hold: 3s, seed: 7}", "load: {users: 1, stages: [{to: 5, hold: 3s}]}"),
      ("load: {rate: 100/s, hold: 3s, seed: 7}", "phases:\n  - {name: a, load: {users: 2, hold: 2s}}"),
    ])
  func unsteady(part: String, other: String) async throws {
    let scenario = Self.scenario.replacingOccurrences(of: part, with: other)
    let (code, _, errors) = try await withTemporaryDirectory { folder in
      try await outgrown(
        ["gate", "--base", "http://127.0.0.1:9", "--head", "http://127.0.0.1:9", "s.yaml"], in: folder,
        scenario: scenario)
    }
    #expect(code == 104, "\(errors)")
    #expect(errors.contains("a block repeats one steady load"))
  }

  @Test(
    "what can't be asked for is refused",
    arguments: [
      ["--blocks", "0"], ["--blocks", "201"], ["--block-time", "10ms"], ["--effect", "5"], ["--health-path", "health"],
      ["--format", "xml"],
    ])
  func usage(options: [String]) async throws {
    let (code, _, errors) = try await withTemporaryDirectory { folder in
      try await outgrown(
        ["gate", "--base", "http://127.0.0.1:9", "--head", "http://127.0.0.1:9", "s.yaml"] + options, in: folder)
    }
    #expect(code == 64, "\(errors)")
    #expect(errors.contains(options[0]))
  }

  @Test("sides take ports and turns alike")
  func turns() {
    #expect((0..<8).map(Duet.isSwapped) == [false, true, true, false, false, true, true, false])
  }
}

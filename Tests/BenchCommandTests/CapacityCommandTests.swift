import Evidence
import Foundation
import TestSupport
import Testing

/// What `outgrown bench capacity` refuses before any load, and what it leaves behind where nobody answers.
@Suite struct CapacityCommandTests {
  private static let rate = """
    name: sought
    load: {rate: 5/s, hold: 5s}
    journeys: [{name: j, steps: [{name: a, get: /}]}]
    budgets: {response_time: p(95) < 1s}
    """
  private static let users = rate.replacingOccurrences(of: "rate: 5/s", with: "users: 5")
  private static let phased = rate.replacingOccurrences(
    of: "load: {rate: 5/s, hold: 5s}", with: "phases: [{name: one, load: {users: 1, hold: 1s}}]")

  private func run(
    _ scenario: String, _ arguments: [String], in folder: String
  ) async throws -> (code: Int32?, text: String) {
    try Data(scenario.utf8).write(to: URL(filePath: folder + "/s.yaml"))
    let process = try BuiltExecutable(
      ["bench", "capacity", "s.yaml"] + arguments, in: folder, output: folder + "/output")
    return (await process.exitStatus(), process.log)
  }

  @Test(
    "what can't be sought is refused before any load",
    arguments: [
      (phased, [], 104, "has phases"),
      (rate.replacingOccurrences(of: "load: {rate: 5/s, hold: 5s}\n", with: ""), [], 104, "load"),
      (rate, ["--max-users", "9"], 64, "did you mean --max-rate?"),
      (users, ["--max-rate", "9/s"], 64, "did you mean --max-users?"),
      (rate, ["--max-rate", "fast"], 64, "--max-rate fast"), (rate, ["--max-rate", "0.1/s"], 64, "--max-rate 0.1/s"),
      (rate, ["--trial", "10ms"], 64, "expected 1s to 10m"), (rate, ["--max-time", "soon"], 64, "--max-time soon"),
      (rate, ["--rounds", "0"], 64, "--rounds 0"), (users, ["--max-users", "0"], 64, "--max-users 0"),
    ])
  func refusals(scenario: String, arguments: [String], code: Int32, message: String) async throws {
    try await withTemporaryDirectory { folder in
      let (ended, text) = try await run(scenario, ["--target", "http://127.0.0.1:1"] + arguments, in: folder)
      #expect(ended == code, "\(text)")
      #expect(text.contains(message), "\(text)")
    }
  }

  @Test("where nobody listens the report says so, and the command ends with 96")
  func nobody() async throws {
    try await withTemporaryDirectory { folder in
      let (code, text) = try await run(Self.users, ["--target", "http://127.0.0.1:1", "--out", "kept"], in: folder)
      #expect(code == 96, "\(text)")
      let output = try String(contentsOfFile: folder + "/output", encoding: .utf8)
      #expect(output.hasPrefix("NEVER ANSWERED  sought\n"), "\(output)")
      let report = try EvidenceFile.read(CapacityReport.self, from: folder + "/kept/capacity.json")
      #expect(report.outcome == .neverAnswered && report.exitCode == 96 && report.capacity == nil)
      #expect(report.unit == .users && report.trials.isEmpty)
    }
  }

  @Test("an error that is answered to every request is 99, with the budget")
  func erring() async throws {
    let server = try LoopbackServer { _ in .init(status: "500 Internal Server Error") }
    defer { server.stop() }
    try await withTemporaryDirectory { folder in
      let arguments = ["--target", server.url, "--trial", "1s", "--json", "--seed", "9"]
      let (code, text) = try await run(Self.users, arguments, in: folder)
      #expect(code == 99, "\(text)")
      let report = try EvidenceFile.read(CapacityReport.self, from: folder + "/out/capacity/sought/capacity.json")
      #expect(report.outcome == .nothingHeld && report.capacity == nil && report.rule.seed == 9)
      #expect(report.reason.hasPrefix("at 1 user failed: rate < 1%"), "\(report.reason)")
    }
  }
}

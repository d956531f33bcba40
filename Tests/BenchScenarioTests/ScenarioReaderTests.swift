import BenchEngine
import Documents
import Foundation
import Measures
import Testing

@testable import BenchScenario

struct ScenarioReaderTests {
  static let valid = """
    name: small
    target: http://127.0.0.1:8000
    time_zone: Asia/Kolkata
    variables: { ward: dental }
    load: { users: 3, ramp: 1s, hold: 2s, warm_up: 500ms }
    journeys:
      - name: look
        weight: 2
        steps:
          - name: today
            get: /schedules?date={{today}}&ward={{ward}}
            checks: { status: 200, json: { $.count: "> 0" } }
            think: 1s..3s
    budgets:
      response_time{step:today}: p(95) < 300ms
    """

  private func message(_ text: String) -> String {
    do {
      let scenario = try ScenarioReader.read(text: text, file: "s.yaml")
      _ = try ScenarioCompiler.plan(scenario, .init(secondsSince1970: 0))
      return "valid"
    } catch {
      return "\(error)"
    }
  }

  @Test("a valid scenario is valid")
  func accepts() { #expect(message(Self.valid) == "valid") }

  @Test(
    "an error says file, line, column, and what was expected",
    arguments: [
      ("load:", "lode:", "s.yaml:5:1: ", "load"), ("hold: 2s", "hold: soon", "s.yaml:5:35: ", "duration"),
      ("users: 3", "users: -3", "s.yaml:5:16: ", "1"), ("weight: 2", "weight: 0", "s.yaml:8:13: ", "expected"),
      ("get: /schedules", "get: schedules", "s.yaml:11:14: ", "/"), ("{{ward}}", "{{wards}}", "s.yaml:11:45: ", "ward"),
      ("time_zone: Asia/Kolkata", "time_zone: Asia/Nowhere", "s.yaml:3:12: ", "IANA"),
      ("{step:today}", "{step:tomorrow}", "s.yaml:15:", "today"),
      ("response_time", "response_thyme", "s.yaml:15:3: ", "response_time"),
      ("p(95)", "p(195)", "s.yaml:15:", "expected"),
      ("name: small", "name: small\nname: again", "s.yaml:2:1: ", "name"),
      ("target: http://127.0.0.1:8000\n", "", "s.yaml: no target", "--target"),
    ])
  func positions(_ old: String, _ new: String, _ place: String, _ hint: String) throws {
    let found = try #require(Self.valid.range(of: old))
    let text = message(Self.valid.replacingCharacters(in: found, with: new))
    #expect(text.contains(place), "\(text)")
    #expect(text.contains(hint), "\(text)")
  }

  @Test(
    "{{today}} is the day in the scenario's time zone, not the machine's",
    arguments: [("Asia/Kolkata", "24/11/2026"), ("UTC", "23/11/2026"), ("America/Los_Angeles", "23/11/2026")])
  func today(zone: String, date: String) throws {
    let text = Self.valid.replacing("Asia/Kolkata", with: zone)
    let scenario = try ScenarioReader.read(text: text, file: "s.yaml")
    // 2026-11-23 23:59 UTC
    let plan = try ScenarioCompiler.plan(scenario, .init(secondsSince1970: 1_795_478_340, version: "0"))
    let request = String(decoding: plan.steps[0].request, as: UTF8.self)
    #expect(request.hasPrefix("GET /schedules?date=\(date)&ward=dental HTTP/1.1\r\n"))
    #expect(request.contains("\r\nHost: 127.0.0.1:8000\r\n"))
    #expect(request.contains("\r\nUser-Agent: Outgrown/0 (load test; +small)\r\n"))
    #expect(request.hasSuffix("\r\n\r\n"))
  }

  @Test("what would break out of a header is refused")
  func injection() throws {
    let scenario = try ScenarioReader.read(text: Self.valid, file: "s.yaml")
    #expect(throws: DocumentError.self) {
      try ScenarioCompiler.plan(scenario, .init(variables: ["ward": "x HTTP/1.1\r\nHost: evil"], secondsSince1970: 0))
    }
  }

  @Test("stages run from the load before, in a line or at once")
  func stages() throws {
    let load = "load: { users: 10, stages: [{ hold: 5s }, { to: 1000, over: 5s, hold: 20s }, { to: 10, hold: 9s }] }"
    let text = Self.valid.replacing("load: { users: 3, ramp: 1s, hold: 2s, warm_up: 500ms }", with: load)
    let plan = try ScenarioCompiler.plan(
      ScenarioReader.read(text: text, file: "s.yaml"), .init(secondsSince1970: 0))
    #expect(
      plan.workload
        == .users([
          .init(duration: .zero, target: 10, isStep: true), .init(duration: .seconds(5), target: 10, isStep: true),
          .init(duration: .seconds(5), target: 1_000), .init(duration: .seconds(20), target: 1_000, isStep: true),
          .init(duration: .seconds(9), target: 10, isStep: true),
        ]))
  }

  @Test(
    "a load that contradicts itself is refused at its place",
    arguments: [
      ("users: 3, stages: [{ to: 5, hold: 1s }], hold: 2s", "s.yaml:5:50: both 'stages' and 'hold'"),
      ("users: 3, stages: [{ over: 1s }]", "s.yaml:5:30: 'over' without 'to'"),
      ("users: 0, stages: [{ hold: 1s }]", "s.yaml:5:27: a list, expected a load above 0"),
      ("users: 3, hold: 1s, overflow: drop", "s.yaml:5:29: 'overflow' with 'users', expected it with 'rate' only"),
      ("rate: 3/s, hold: 1s, pacing: 1s", "s.yaml:5:30: 'pacing' with 'rate', expected it with 'users' only"),
      ("users: 3, hold: 1s, iterations: 5, iterations_per_user: 2", "s.yaml:5:44: both 'iterations'"),
      ("users: 3, hold: 1s, pacing: 'lognormal(8s, 2s)'", "s.yaml:5:37: 'lognormal(8s, 2s)', expected a duration"),
      ("users: 3, stages: [{ hold: 20h }, { hold: 20h }]", "s.yaml:5:27: a load of more than a day"),
    ])
  func contradictions(load: String, expected: String) {
    let text = message(Self.valid.replacing("users: 3, ramp: 1s, hold: 2s, warm_up: 500ms", with: load))
    #expect(text.contains(expected), "\(text)")
  }

  @Test("the shipped scenario is 120 users with 5 s of warm-up")
  func shipped() throws {
    let path = #filePath.replacing(
      "Tests/BenchScenarioTests/ScenarioReaderTests.swift", with: "scenarios/campus-morning.yaml")
    let scenario = try ScenarioReader.read(path: path)
    let plan = try ScenarioCompiler.plan(scenario, .init(secondsSince1970: 0))
    #expect(plan.workload.peak == 120)
    #expect(plan.warmUp == .seconds(5))
    #expect(plan.steps.allSatisfy { (!$0.request.isEmpty || $0.template != nil) && !$0.checks.isEmpty })
  }

  @Test("every shipped scenario is valid, has a check on every step and budgets, and is named as its file")
  func shippedScenarios() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scenarios")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
      .sorted()
    let wanted = ["campus-morning", "cold-start", "constant-rate", "scrape-storm", "smoke", "soak", "spike"]
    #expect(names.map { String($0.dropLast(5)) } == wanted)
    for name in names {
      let path = folder.appending(path: name).path
      let scenario = try ScenarioReader.read(path: path)
      let plan = try ScenarioCompiler.plan(scenario, .init(secondsSince1970: 0))
      #expect(scenario.name + ".yaml" == name)
      #expect(plan.steps.allSatisfy { !$0.checks.isEmpty } && !scenario.budgets.isEmpty, "\(name)")
      #expect(
        try String(contentsOfFile: path, encoding: .utf8)
          .hasPrefix("# yaml-language-server: $schema=../schemas/scenario.schema.json\n"))
    }
  }

  @Test(
    "more than 50 requests a second go to loopback, private, allowed or owned hosts",
    arguments: [
      ("http://127.0.0.1", 1_000.0, true), ("http://[::1]:8000", 1_000, true), ("http://10.1.2.3", 1_000, true),
      ("http://8.8.8.8", 50, true), ("http://8.8.8.8", 51, false), ("http://listed.example", 1_000, true),
      ("https://own.example", 1_000, true), ("http://other.example", 1_000, false),
      ("http://not-own.example", 1_000, false),
    ])
  func policy(url: String, peak: Double, isAllowed: Bool) throws {
    let policy = TargetPolicy(allowLines: ["# ours", "listed.example"], owned: ["own.example"])
    let decision = policy.judge(target: try TargetURL.parse(url), resolved: [], peak: peak)
    if case .allowed = decision { #expect(isAllowed) } else { #expect(!isAllowed) }
  }
}

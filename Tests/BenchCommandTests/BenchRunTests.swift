import BenchEngine
import BenchReporting
import BenchScenario
import Evidence
import Foundation
import Measures
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import BenchCommand

/// `outgrown bench run` as a user starts it, against a server that remembers what it was asked.
@Suite(.serialized)
struct BenchRunTests {
  /// Remembers each request's method, path and Authorization.
  private final class Service: Sendable {
    private let memory: Memory
    let server: LoopbackServer

    private final class Memory: Sendable {
      let lines = Mutex<[String]>([])
    }

    init(_ answer: @escaping @Sendable (_ path: String) -> LoopbackServer.Answer) throws {
      let memory = Memory()
      self.memory = memory
      server = try LoopbackServer { head in
        let lines = head.split(separator: "\r\n")
        let words = lines.first.map { $0.split(separator: " ").prefix(2) } ?? []
        let token = lines.first { $0.hasPrefix("Authorization: ") }?.dropFirst(15) ?? ""
        memory.lines.withLock { $0.append((words + [token]).joined(separator: " ")) }
        return answer(words.last.map(String.init) ?? "")
      }
    }

    var lines: [String] { memory.lines.withLock { $0 } }
  }

  private static func signingIn(_ path: String) -> LoopbackServer.Answer {
    path == "/login" ? .init(body: Array("{\"token\":\"a b\"}".utf8)) : .init(body: Array("ok".utf8))
  }

  private static let scenario = """
    name: sides
    setup:
      - { name: login, get: /login, capture: { token: $.token } }
    teardown:
      - { name: logout, delete: "/session/{{token}}", auth: { bearer: "{{token}}" } }
      - { name: goodbye, get: /goodbye }
    phases:
      - { name: first, load: { users: 2, hold: 100ms } }
      - { name: long, start_after: first, load: { rate: 50/s, hold: 60s } }
    journeys:
      - name: look
        steps:
          - { name: page, get: "/page/{{token}}", auth: { bearer: "{{token}}" }, think: 20ms }
    """

  private struct Ended {
    var code: Int32
    var errors: String
    var report: BenchReport?
  }

  /// Runs it to its end; `interrupt` is asked until it says that SIGINT is due.
  private func run(
    _ text: String, at url: String, options: [String] = [],
    interruptWhen interrupt: (@Sendable () -> Bool)? = nil
  ) async throws -> Ended {
    try await withTemporaryDirectory { folder in
      try Data(text.utf8).write(to: URL(filePath: folder + "/s.yaml"))
      let process = Process()
      // Tests run from the directory that the executable was built into.
      process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "outgrown")
      process.arguments =
        ["bench", "run", folder + "/s.yaml", "--target", url, "--out", folder + "/out"] + options
      process.standardOutput = FileHandle.nullDevice
      let errors = URL(filePath: folder + "/errors")
      try Data().write(to: errors)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      if let interrupt {
        #expect(await Waiting.until(upTo: 60, interrupt))
        kill(process.processIdentifier, SIGINT)
      }
      await withCheckedContinuation { continuation in
        Thread {
          process.waitForEnd()
          continuation.resume()
        }.start()
      }
      return Ended(
        code: process.terminationStatus, errors: try String(contentsOf: errors, encoding: .utf8),
        report: try? EvidenceFile.read(BenchReport.self, from: folder + "/out/report.json"))
    }
  }

  @Test("what setup captured is in every request, and teardown is asked last, also after SIGINT")
  func interrupted() async throws {
    let service = try Service(Self.signingIn)
    defer { service.server.stop() }
    let ended = try await run(
      Self.scenario, at: service.server.url, interruptWhen: { service.lines.count > 20 })
    let lines = service.lines
    #expect(ended.code == 105)
    #expect(lines.first == "GET /login ")
    #expect(lines.suffix(2) == ["DELETE /session/a%20b Bearer a b", "GET /goodbye "])
    #expect(lines.dropFirst().dropLast(2).allSatisfy { $0 == "GET /page/a%20b Bearer a b" })
    let report = try #require(ended.report)
    #expect(report.ending == .interrupted && report.iterations.isConserved)
    #expect(report.setup?.requests == 1 && report.teardown?.requests == 2 && report.teardown?.failure == nil)
    let phases = try #require(report.phases)
    #expect(phases.map(\.name) == ["first", "long"] && phases.allSatisfy(\.iterations.isConserved))
    let asked = report.totals.requests.attempts
    #expect(asked == phases.reduce(0) { $0 + $1.totals.requests.attempts })
    #expect(lines.count - 3 <= asked && report.egress == nil)
  }

  @Test(
    "a setup that fails ends the run before its load, names the step, and is still followed by teardown",
    arguments: [
      ("500 Server Error", Int32(104), "setup: step 'login' was answered with HTTP status 500, the answer begins “no”"),
      ("200 OK", 104, "setup: step 'login' failed its check 'captures token'"),
    ])
  func failing(status: String, code: Int32, message: String) async throws {
    let service = try Service { path in
      path == "/login" ? .init(status: status, body: Array("no".utf8)) : .init(body: Array("ok".utf8))
    }
    defer { service.server.stop() }
    let ended = try await run(Self.scenario, at: service.server.url)
    #expect(ended.code == code && ended.errors.contains("outgrown: " + message), "\(ended.errors)")
    #expect(ended.errors.contains("teardown left out, for want of what setup was to capture: logout"))
    #expect(service.lines == ["GET /login ", "GET /goodbye "])
    #expect(ended.report?.setup?.failure?.hasPrefix("step 'login'") == true)
    #expect(
      ended.report?.verdict.exitCode == Int(code) && ended.report?.phases?.allSatisfy { $0.startSeconds == nil } == true
    )
  }

  @Test("a setup without an answer is a target that never answered")
  func unanswered() async throws {
    let service = try Service { _ in .init(bytes: Array("SSH-2.0\r\n\r\n".utf8)) }
    defer { service.server.stop() }
    let ended = try await run(Self.scenario, at: service.server.url)
    #expect(
      ended.code == 96 && ended.errors.contains("setup: step 'login' got no answer (protocol)"), "\(ended.errors)")
  }

  @Test("a teardown that fails is said, and leaves the verdict as it is")
  func teardown() async throws {
    let service = try Service { path in
      path == "/goodbye" ? .init(status: "500 Server Error") : Self.signingIn(path)
    }
    defer { service.server.stop() }
    let text = Self.scenario.replacing("hold: 60s", with: "hold: 200ms")
    let ended = try await run(text, at: service.server.url)
    #expect(ended.code == 0 && ended.errors.contains("teardown: step 'goodbye' was answered with HTTP status 500"))
    #expect(ended.report?.teardown?.failure == "step 'goodbye' was answered with HTTP status 500")
    #expect(ended.report?.phases?[1].iterations.completed == 10)
  }
}

/// The estimate before a hosted target is loaded.
struct EgressCheckTests {
  private func plan(_ load: String, bytes: String? = nil) throws -> LoadPlan {
    let text = """
      name: e
      target: http://127.0.0.1:1
      \(bytes.map { "defaults: {expected_response_bytes: \($0)}" } ?? "variables: {}")
      load: \(load)
      journeys: [{name: j, steps: [{name: a, get: /a, think: 1h}, {name: b, get: /b, repeat: 3}]}]
      """
    return try ScenarioCompiler.plan(
      ScenarioReader.read(text: text, file: "e.yaml"), .init(secondsSince1970: 0, environment: [:]))
  }

  private func check(
    _ plan: LoadPlan, yes: Bool = false, mayProbe: Bool = true, port: UInt16
  ) throws -> (figures: EgressFigures, said: [String]) {
    var plan = plan
    plan.endpoint.port = port
    var said: [String] = []
    let figures = try EgressCheck(plan: plan, host: "app.example.com", isAgreed: yes, mayProbe: mayProbe)
      .run(to: try Preflight.reach(plan), control: LoadEngine.Control()) { said.append($0) }
    return (figures, said)
  }

  @Test("one iteration of each journey shows what a response is, without its pauses")
  func probed() throws {
    let asked = Atomic<Int>(0)
    let server = try LoopbackServer { _ in
      asked.add(1, ordering: .relaxed)
      return .init(body: Array(repeating: 0x78, count: 1_000))
    }
    defer { server.stop() }
    let (figures, said) = try check(plan("{rate: 10/s, hold: 100s}"), port: server.port)
    #expect(asked.load(ordering: .relaxed) == 4)
    let answer = 1_000 + "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8.count
    #expect(figures.requests == 4_000 && figures.bytesReceived == Double(4_000 * answer) && figures.basis == "probed")
    #expect(
      said == [
        "about 4,000 requests to app.example.com, which will send about 4.16 MB (egress) for "
          + "\(Int((figures.bytesSent / 1_000).rounded())) KB of requests; from one iteration of each journey, TLS and "
          + "retries not counted"
      ])
  }

  @Test("more than a gigabyte needs consent")
  func consent() throws {
    let server = try LoopbackServer { _ in .init() }
    defer { server.stop() }
    let large = try plan("{rate: 100/s, hold: 100s}", bytes: "30KB")
    #expect(try check(large, yes: true, port: server.port).figures.agreed)
    do {
      _ = try check(large, port: server.port)
      Issue.record("no consent was asked for")
    } catch let failure as CommandFailure {
      #expect(failure.exitStatus == .usage && failure.message.contains("add --yes"), "\(failure.message)")
      #expect(failure.message.hasPrefix("about 1.20 GB of egress is more than 1.00 GB"), "\(failure.message)")
    }
    #expect(try !check(plan("{rate: 80/s, hold: 100s}", bytes: "30KB"), port: server.port).figures.agreed)
  }

  @Test("a service that is to be asleep is not probed")
  func asleep() throws {
    let server = try LoopbackServer { _ in .init() }
    defer { server.stop() }
    #expect(throws: CommandFailure.self) {
      try check(plan("{rate: 1/s, hold: 10s}"), mayProbe: false, port: server.port)
    }
    #expect(
      try check(plan("{rate: 1/s, hold: 10s}", bytes: "0"), mayProbe: false, port: server.port).figures.bytesReceived
        == 0)
  }
}

import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Sentry

@Suite(.timeLimit(.minutes(1)))
struct SentryServiceTests {
  private struct Seen: Sendable {
    var head: String
    var lines: [String]
    var body: String { lines.joined(separator: "\n") }
  }

  private typealias Answering = @Sendable (Int) -> LoopbackServer.Answer

  /// Runs the service against a server for as long as `body` runs.
  private func withService(
    sampleRate: Double = 1, answer: @escaping Answering,
    _ body: (SentryFixture, @escaping @Sendable () -> [Seen]) async throws -> Void
  ) async throws {
    let seen = Mutex<[Seen]>([])
    let server = try LoopbackServer(answeringBodies: { head, body in
      let lines = body.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      let number = seen.withLock { seen in
        seen.append(Seen(head: head, lines: lines))
        return seen.count
      }
      return answer(number)
    })
    defer { server.stop() }
    let fixture = try SentryFixture(url: server.url, sampleRate: sampleRate)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await fixture.service.run() }
      try await body(fixture) { seen.withLock { $0 } }
      group.cancelAll()
    }
  }

  @Test("an error of the log is posted as an envelope, with who it is from")
  func posted() async throws {
    let answer: Answering = { _ in .init(body: Array("{}".utf8)) }
    try await withService(answer: answer) { fixture, seen in
      var logger = fixture.logger
      logger[metadataKey: "boot_id"] = "b-1"
      logger.info("before", metadata: ["error": "of 192.0.2.7"])
      logger.error("request failed", metadata: ["request_id": "r-1", "error": "opensesame for a@b.example"])
      await Waiting.until { fixture.outcomes.total(.sent) == 1 }
      let posted = try #require(seen().first)
      #expect(posted.head.hasPrefix("POST /api/7/envelope/ HTTP/1.1\r\n"))
      let head = posted.head.lowercased()
      #expect(head.contains("content-type: application/x-sentry-envelope\r\n"))
      #expect(
        posted.head.contains(
          "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=outgrown.swift/1.2.3, sentry_key=opensesame\r\n"))
      #expect(head.contains("user-agent: outgrown.swift/1.2.3\r\n"))
      #expect(posted.lines.count == 3 && posted.lines[1].contains("\"type\":\"event\""))
      let event = try #require(
        try JSONSerialization.jsonObject(with: Data(posted.lines[2].utf8)) as? [String: Any])
      #expect(event["logger"] as? String == "app" && event["server_name"] as? String == "i-1")
      #expect(event["fingerprint"] as? [String] == ["app", "request failed"])
      #expect((event["tags"] as? [String: String]) == ["boot_id": "b-1", "request_id": "r-1"])
      #expect(posted.lines[2].contains("SentryTests/SentryServiceTests.swift"))
      #expect(posted.lines[2].contains("before") && posted.lines[2].contains("of [ip]"))
      #expect(posted.lines[2].contains("[filtered] for [email]") && !posted.lines[2].contains("opensesame"))
      #expect(fixture.lines.all == ["info before", "error request failed"])
    }
  }

  @Test("after 429 nothing is sent until Retry-After is over, and what was dropped is told then")
  func limited() async throws {
    let answer: Answering = { number in
      number == 1 ? .init(status: "429 Too Many Requests", headers: ["Retry-After: 30"]) : .init()
    }
    try await withService(answer: answer) { fixture, seen in
      fixture.logger.error("one")
      await Waiting.until { fixture.outcomes.total(.rate) == 1 }
      fixture.logger.error("two")
      fixture.logger.error("three")
      await Waiting.until { fixture.outcomes.total(.rate) == 3 }
      #expect(seen().count == 1)
      fixture.time.now += 31
      fixture.logger.error("four")
      await Waiting.until { fixture.outcomes.total(.sent) == 1 }
      #expect(seen().count == 2)
      #expect(
        seen().last?.body.contains(#"{"reason":"ratelimit_backoff","category":"error","quantity":2}"#) == true)
      #expect(fixture.outcomes.untold == [:])
    }
  }

  @Test("a refusal is told once to the log, never to Sentry, and nothing of it is sent again")
  func refused() async throws {
    let answer: Answering = { _ in .init(status: "500 Internal Server Error") }
    try await withService(answer: answer) { fixture, seen in
      for number in 1...3 {
        fixture.logger.error("error \(number)")
        await Waiting.until { fixture.outcomes.total(.failed) == number }
      }
      #expect(seen().count == 3)
      #expect(fixture.lines.all.filter { $0 == "warning events don't reach Sentry" }.count == 1)
      #expect(!seen().contains { $0.body.contains("don't reach") })
    }
  }

  @Test("a connection that fails is tried three times, then the event is given up")
  func away() async throws {
    let waits = Mutex<[Duration]>([])
    let fixture = try SentryFixture(url: "http://127.0.0.1:9") { pause in waits.withLock { $0.append(pause) } }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await fixture.service.run() }
      fixture.logger.error("one")
      await Waiting.until { fixture.outcomes.total(.failed) == 1 }
      group.cancelAll()
    }
    #expect(waits.withLock { $0 } == [.milliseconds(750), .milliseconds(1_500)])
    #expect(fixture.outcomes.untold == ["network_error": 1])
  }

  @Test("a server that never answers holds up neither who logs nor, beyond two seconds, the end")
  func frozen() async throws {
    struct Ending: Error {}
    let answer: Answering = { _ in .init(bytes: [], hangs: true) }
    try await withService(answer: answer) { fixture, seen in
      let start = ContinuousClock.now
      for number in 0..<200 { fixture.logger.error("error \(number)") }
      #expect(start.duration(to: .now) < .milliseconds(500))
      await Waiting.until { seen().count == 1 }
      // The one that is under way has left the queue.
      #expect(fixture.outcomes.total(.overflow) >= 169)
      let end = ContinuousClock.now
      await fixture.service.finish(Ending(), logger: fixture.logger)
      let taken = end.duration(to: .now)
      #expect(taken > .seconds(1.5) && taken < .seconds(3), "\(taken)")
    }
  }

  @Test("what is under way when the service stops is sent at the end, as the same event")
  func stopping() async throws {
    let seen = Mutex<[Substring]>([])
    let server = try LoopbackServer(answeringBodies: { _, body in
      let count = seen.withLock { seen in
        seen.append(String(decoding: body, as: UTF8.self).prefix(50))
        return seen.count
      }
      return count == 1 ? .init(bytes: [], hangs: true) : .init()
    })
    defer { server.stop() }
    let fixture = try SentryFixture(url: server.url)
    let group = ServiceGroup(services: [fixture.service], logger: silentLogger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      fixture.logger.error("one")
      await Waiting.until { seen.withLock { $0.count } == 1 }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    await fixture.service.finish(logger: fixture.logger)
    let all = seen.withLock { $0 }
    #expect(all.count == 2 && all.first == all.last && all.first?.contains("event_id") == true)
    #expect(fixture.outcomes.total(.sent) == 1)
  }

  @Test("what ends the service is sent before the process ends, with what was left; an end with nothing left is none")
  func finishing() async throws {
    struct Ending: Error, CustomStringConvertible { var description = "no store at 10.0.0.1" }
    let bodies = Mutex<[String]>([])
    let server = try LoopbackServer(answeringBodies: { _, body in
      bodies.withLock { $0.append(String(decoding: body, as: UTF8.self)) }
      return .init()
    })
    defer { server.stop() }
    let fixture = try SentryFixture(url: server.url)
    fixture.logger.error("left")
    await fixture.service.finish(Ending(), logger: fixture.logger)
    let all = bodies.withLock { $0 }
    try #require(all.count == 2)
    #expect(all[0].contains(#""type":"Ending","value":"no store at [ip]""#) && all[0].contains(#""handled":false"#))
    #expect(all[0].contains(#""level":"fatal""#) && all[1].contains("left"))
    let idle = try SentryFixture(url: server.url)
    await idle.service.finish(logger: idle.logger)
    #expect(bodies.withLock { $0.count } == 2)
  }

  @Test("the log's level is the log's own; errors are told to Sentry whatever it is")
  func levels() async throws {
    let fixture = try SentryFixture(url: "http://127.0.0.1:9")
    var logger = fixture.logger
    logger.logLevel = .critical
    #expect(logger.logLevel == .error)
    logger.warning("a warning")
    logger.error("an error")
    #expect(fixture.lines.all == [])
    logger.logLevel = .warning
    logger.warning("a warning")
    #expect(logger.logLevel == .warning && fixture.lines.all == ["warning a warning"])
  }
}

import Histograms
import Measures
import Synchronization
import Testing

@testable import BenchEngine

/// What servers do on the wire, through the whole engine.
@Suite(.serialized)
struct WireTests {
  struct Answer: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var isHead = false
    var closes = false
    var testDescription: String { name }
  }

  static let answers: [Answer] = [
    .init(
      name: "interim answers first",
      text: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    .init(
      name: "chunks with extensions and trailers",
      text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\nok\r\n0\r\nDigest: x\r\nA: b\r\n\r\n"),
    .init(name: "HEAD", text: "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", isHead: true),
    .init(name: "204", text: "HTTP/1.1 204 No Content\r\n\r\n"),
    .init(name: "304", text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"),
    .init(name: "a body that ends with the connection", text: "HTTP/1.1 200 OK\r\n\r\nall of this", closes: true),
  ]

  @Test("an answer ends where its framing says, and the connection serves the next", arguments: answers)
  func framing(answer: Answer) throws {
    let bytes = Array(answer.text.utf8)
    let server = try FaultyServer(answer.closes ? .sendsThenCloses(bytes) : .sends(bytes))
    defer { server.stop() }
    var run = EngineRun(server)
    run.plan.steps[0].isHead = answer.isHead
    run.plan.end(after: .perUser(25))
    let result = try run()
    let step = result.steps[0]
    #expect(step.answered == 50 && step.failed == 0)
    #expect(step.answered == UInt64(server.requests.load(ordering: .relaxed)))
    #expect(step.bytesReceived == step.answered * UInt64(bytes.count))
    #expect(answer.closes ? result.connections.opened >= step.answered : result.connections.opened == 2)
  }

  @Test(
    "an answer that is cut off or malformed is a failure of its kind, never an answer",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", FailureKind.reset, "in the middle"),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", .reset, "in the middle"),
      ("HTTP/1.1 200 OK\r\nConte", .reset, "in the middle"),
      ("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", .protocol, "folded"),
      ("HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 200_000), .protocol, "64 KiB"),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .protocol, "chunk size"),
    ])
  func cutOff(text: String, kind: FailureKind, words: String) throws {
    let server = try FaultyServer(.sendsThenCloses(Array(text.utf8)))
    defer { server.stop() }
    var run = EngineRun(server, users: 4)
    run.plan.end(after: .perUser(2))
    let step = try run().steps[0]
    #expect(step.answered == 0 && step.failures == [kind: 8] && step.attempts == 8)
    #expect(step.failureSamples[kind]?.contains(words) == true, "\(step.failureSamples)")
    #expect(step.response.unanswered == 8)
  }

  @Test("a reset instead of an answer is a failure")
  func resets() throws {
    let server = try FaultyServer(.resets)
    defer { server.stop() }
    var run = EngineRun(server, users: 4)
    run.plan.end(after: .perUser(2))
    let step = try run().steps[0]
    #expect(step.failures == [.reset: 8] && step.attempts == 8)
    #expect(step.failureSamples[.reset]?.contains("reset") == true, "\(step.failureSamples)")
  }

  @Test("each tenth connection reset costs a tenth of the requests, not more")
  func someReset() throws {
    let server = try FaultyServer(.resetsEach(10))
    defer { server.stop() }
    var run = EngineRun(server, users: 20)
    run.plan.workload = .rate([.init(duration: .seconds(1), target: 300, isStep: true)], maxInFlight: 20)
    let result = try run()
    let step = result.steps[0]
    // The preflight's connection counts too.
    #expect(step.attempts == 300 && result.connections.opened == 300)
    #expect((29...31).contains(step.failures[.reset] ?? 0), "\(step.failures)")
    #expect(step.answered + (step.failures[.reset] ?? 0) == 300)
  }

  @Test("a request that the kernel takes in parts arrives whole, and its sending has a time")
  func partialWrites() throws {
    let body = String(repeating: "x", count: 6 << 20)
    let request = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let server = try FaultyServer(.swallows(request.utf8.count))
    defer { server.stop() }
    var run = EngineRun(server, request: request)
    run.plan.workload = .users([.init(duration: .seconds(8), target: 2, isStep: true)])
    run.plan.responseTimeout = .seconds(8)
    run.plan.iterationLimit = .perUser(1)
    let step = try run().steps[0]
    #expect(step.answered == 2 && step.failed == 0)
    #expect(step.bytesSent == 2 * UInt64(request.utf8.count))
    #expect(step.phases.send.minimum > 0)
  }

  @Test("an answer that trickles is a timeout, however steadily its bytes come")
  func trickle() throws {
    let server = try FaultyServer(.trickles(20_000, Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".utf8)))
    defer { server.stop() }
    var run = EngineRun(server, users: 1)
    run.plan.responseTimeout = .milliseconds(150)
    let step = try run().steps[0]
    #expect(step.answered == 0 && (step.failures[.timeout] ?? 0) > 0)
    #expect(step.failureSamples[.timeout]?.contains("did not end") == true)
    #expect(step.response.minimum >= 150_000_000)
  }

  @Test("a body of a gigabyte is counted to its last byte")
  func large() throws {
    let count = 1 << 30
    let server = try FaultyServer(.sendsMuch(count))
    defer { server.stop() }
    var run = EngineRun(server, users: 1)
    run.plan.workload = .users([.init(duration: .seconds(20), target: 1, isStep: true)])
    run.plan.responseTimeout = .seconds(20)
    run.plan.iterationLimit = .perUser(1)
    let step = try run().steps[0]
    #expect(step.answered == 1)
    #expect(step.bytesReceived > UInt64(count) && step.bytesReceived < UInt64(count) + 100)
    #expect(step.phases.receive.minimum > 0)
  }

  @Test("a server that dies leaves failures, and nothing unaccounted for", arguments: [1, 2])
  func dying(workers: Int) throws {
    let server = try FaultyServer(.dies(after: 50))
    defer { server.stop() }
    var run = EngineRun(server, users: 4)
    run.plan.workers = workers
    let step = try run().steps[0]
    #expect(step.answered == 50)
    #expect((step.failures[.connect] ?? 0) > 0 && step.failures[.status] == nil)
  }
}

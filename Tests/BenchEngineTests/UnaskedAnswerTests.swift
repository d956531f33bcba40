import Glibc
import Histograms
import Measures
import Testing

@testable import BenchEngine

/// Bytes that belong to no request, and answers that are too early for theirs.
@Suite(.serialized)
struct UnaskedAnswerTests {
  struct Surplus: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var isHead = false
  }

  static let surplus: [Surplus] = [
    .init(testDescription: "length", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay"),
    .init(testDescription: "nothing", text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nokay"),
    .init(testDescription: "a line end", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n"),
    .init(
      testDescription: "closing", text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nokay"),
    .init(
      testDescription: "chunks", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nay"),
    .init(testDescription: "204", text: "HTTP/1.1 204 None\r\n\r\nokay"),
    .init(testDescription: "304", text: "HTTP/1.1 304 Same\r\nContent-Length: 4\r\n\r\nokay"),
    .init(testDescription: "HEAD", text: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nokay", isHead: true),
    .init(testDescription: "error", text: "HTTP/1.1 500 Bad\r\nContent-Length: 2\r\n\r\nokay"),
    .init(
      testDescription: "a second answer",
      text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    .init(
      testDescription: "a second answer behind an interim one",
      text: "HTTP/1.1 103 Hint\r\n\r\nHTTP/1.1 204 None\r\n\r\nHTTP/1.1 204 None\r\n\r\n"),
    .init(testDescription: "another protocol", text: "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
    .init(testDescription: "another protocol, framed", text: "HTTP/1.1 101 Switching\r\nContent-Length: 0\r\n\r\n"),
  ]

  @Test("bytes behind an answer's end make it a failure of the protocol", arguments: surplus)
  func behind(test: Surplus) throws {
    let server = try FaultyServer(.sends(Array(test.text.utf8)))
    defer { server.stop() }
    var run = EngineRun(server, users: 4)
    run.plan.steps[0].isHead = test.isHead
    run.plan.end(after: .perUser(2))
    let step = try run().steps[0]
    #expect(step.answered == 0 && step.attempts == 8 && step.failures == [.protocol: 8], "\(step.failures)")
  }

  @Test("so do bytes behind a body so large that nobody copies it", arguments: [1, 400, 70_000], [20_000, 200_000])
  func behindMuch(surplus: Int, size: Int) throws {
    func answer(_ more: Int) -> [UInt8] {
      Array("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n".utf8) + [UInt8](repeating: 0x78, count: size + more)
    }
    let exact = try FaultyServer(.sends(answer(0)))
    defer { exact.stop() }
    var run = EngineRun(exact, users: 2)
    run.plan.end(after: .perUser(5))
    let whole = try run().steps[0]
    #expect(whole.answered == 10 && whole.failed == 0, "\(whole.failureSamples)")
    #expect(whole.bytesReceived == 10 * UInt64(answer(0).count))
    let server = try FaultyServer(.sends(answer(surplus)))
    defer { server.stop() }
    run = EngineRun(server, users: 2)
    run.plan.end(after: .perUser(5))
    let step = try run().steps[0]
    // Found behind the answer, or before the next request: never one of them is a success too many.
    #expect((step.failures[.protocol] ?? 0) >= 4 && step.failures.count == 1, "\(step.failures)")
    #expect(step.answered + step.failed == 10)
  }

  @Test(
    "nor does an answer that fills the room for a head hide another one behind it", arguments: [2_048, 2_047, 65_536])
  func behindFullRoom(size: Int) throws {
    let server = try ScriptedServer { peer in
      let much = String(repeating: "x", count: 40_000)
      var number = 0
      while peer.readRequest() != nil {
        number += 1
        guard number % 2 == 0 else {
          peer.answer(body: much)
          continue
        }
        // With its head so many bytes, and a whole answer that nobody asked for in the same breath.
        let head = "HTTP/1.1 200 OK\r\nContent-Length: "
        let body = size - head.utf8.count - String(size - 100).utf8.count - 4
        let text = head + "\(body)\r\n\r\n" + String(repeating: "y", count: body)
        peer.send(text + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")
      }
    }
    defer { server.stop() }
    let step = try server.run(users: 1) { $0.end(after: .shared(6)) }.steps[0]
    #expect(step.answered == 3 && step.failures == [.protocol: 3], "\(step.answered) \(step.failures)")
    #expect(step.failureSamples[.protocol]?.contains("bytes behind the end") == true, "\(step.failureSamples)")
  }

  @Test(
    "an answer that comes while nobody waits for one is found out by the next request, whoever has the connection then",
    arguments: [ConnectionUse.perUser, .pooled], ["okay", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
  func idle(use: ConnectionUse, bytes: String) throws {
    let server = try ScriptedServer { peer in
      while peer.readRequest() != nil {
        peer.answer()
        peer.work(milliseconds: 5)
        peer.send(bytes)
      }
    }
    defer { server.stop() }
    let step = try server.run(users: 1) {
      $0.transport.connections = use
      $0.steps[0].thinkTime = .constant(.milliseconds(30))
      $0.end(after: .shared(6))
    }.steps[0]
    // Good and bad in turn, since a connection is given up when it has been found out.
    #expect((step.failures[.protocol] ?? 0) > 1, "\(step.failures)")
    #expect(step.answered <= (step.failures[.protocol] ?? 0) + 2 && step.failures.count == 1)
    #expect(step.failureSamples[.protocol]?.contains("before its request") == true, "\(step.failureSamples)")
    // The next arrival of an open model, likewise.
    let open = try server.run(milliseconds: 500) {
      $0.workload = .rate([.init(duration: .milliseconds(500), target: 30, isStep: true)], maxInFlight: 1)
    }.steps[0]
    #expect((open.failures[.protocol] ?? 0) > 1, "\(open.failures)")
  }

  @Test("a server that speaks first has answered nothing")
  func first() throws {
    let server = try ScriptedServer { peer in
      peer.answer()
      _ = peer.readRequest()
    }
    defer { server.stop() }
    // So many at once that the greeting is there before the generator comes to write.
    let step = try server.run(users: 300, milliseconds: 500) { $0.transport.connections = .perIteration }.steps[0]
    #expect((step.failures[.protocol] ?? 0) > 0, "\(step.failures)")
    #expect(step.failureSamples[.protocol]?.contains("before its request") == true, "\(step.failureSamples)")
  }

  @Test("what an upload is answered before it was sent whole may be an error or a redirect, never a success")
  func early() throws {
    let body = String(repeating: "x", count: 8 << 20)
    let request = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    for status in [200, 201, 204, 307, 413, 503] {
      let server = try ScriptedServer { peer in
        guard peer.readSome() != nil else { return }
        peer.send("HTTP/1.1 \(status) Early\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        peer.halfClose()
        // Nothing more is read until the client has gone.
        var entry = pollfd(fd: peer.descriptor, events: 0, revents: 0)
        poll(&entry, 1, 3_000)
      }
      defer { server.stop() }
      let step = try server.run(request, users: 1) { $0.end(after: .shared(3)) }.steps[0]
      #expect(step.attempts == 3)
      if status < 300 {
        #expect(step.answered == 0 && step.failures == [.protocol: 3], "\(status) \(step.failures)")
        #expect(step.failureSamples[.protocol]?.contains("sent whole") == true, "\(step.failureSamples)")
      } else {
        #expect(step.answered == 3 && step.statuses == [status: 3], "\(step.failures)")
        #expect(step.failures == (status < 400 ? [:] : [.status: 3]))
      }
    }
  }

  @Test("an error that a peer sends before it resets an upload is read")
  func lastWords() throws {
    let body = String(repeating: "x", count: 8 << 20)
    let request = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let server = try ScriptedServer { peer in
      guard peer.readSome() != nil else { return }
      // What it has not read makes its close a reset.
      peer.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let step = try server.run(request, users: 1, milliseconds: 400).steps[0]
    #expect((step.statuses[413] ?? 0) > 0 && step.failures[.status] == step.answered, "\(step.failures)")
  }
}

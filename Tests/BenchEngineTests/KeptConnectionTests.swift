import Glibc
import Histograms
import Measures
import Testing

@testable import BenchEngine

/// What becomes of a request on a connection that has carried one before.
@Suite(.serialized)
struct KeptConnectionTests {
  private static func request(_ method: String, _ body: String = "") -> String {
    let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
    return "\(method) / HTTP/1.1\r\nHost: test\r\n\(length)\r\n\(body)"
  }

  @Test(
    "a handler that dies after it read a request is a reset, and is not asked again, whatever the method",
    arguments: ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"])
  func crash(method: String) throws {
    let server = try ScriptedServer { peer in
      guard peer.readRequest() != nil else { return }
      peer.send("HTTP/1.1 204 No Content\r\n\r\n")
      guard peer.readRequest() != nil else { return }
      peer.work(milliseconds: 30)
    }
    defer { server.stop() }
    let result = try server.run(Self.request(method, "x"), users: 1) { $0.end(after: .shared(6)) }
    let step = result.steps[0]
    #expect(step.attempts == 6 && step.answered == 3 && step.failures == [.reset: 3], "\(step.failures)")
    #expect(result.connections.retried == 0)
    #expect(server.requestCount == step.attempts)
  }

  @Test("the close of a kept connection that crosses a request costs nothing where the method may be repeated")
  func idleClose() throws {
    for method in ["GET", "POST"] {
      let server = try ScriptedServer { peer in
        while peer.readRequest() != nil {
          peer.send("HTTP/1.1 204 No Content\r\n\r\n")
          // Nothing says so: the close comes a little after the answer, and meets the next request.
          if peer.number < 200 { return }
        }
      }
      defer { server.stop() }
      let result = try server.run(Self.request(method, "x"), users: 4, milliseconds: 600)
      let step = result.steps[0]
      if method == "GET" {
        #expect(step.failed == 0 && step.answered > 200, "\(step.failures)")
        #expect(result.connections.retried + result.connections.closedIdle > 0)
      } else {
        #expect(result.connections.retried == 0)
        #expect(step.failures.keys.allSatisfy { $0 == .reset })
        // Taken in no more often than counted.
        #expect(server.requestCount <= step.attempts)
      }
    }
  }

  @Test("a close that can still be the idle one came within 5 ms, or within two of the connection's own round trips")
  func limit() {
    for (time, connectTime, can) in [
      (5_000_000, 0, true), (5_000_001, 0, false), (5_000_001, 2_500_000, false), (5_000_002, 2_500_001, true),
      (400_000_000, 200_000_000, true), (400_000_001, 200_000_000, false),
    ] as [(UInt64, UInt64, Bool)] {
      #expect(Worker.isIdleClose(after: time, connectTime: connectTime) == can)
    }
  }

  @Test("a request that follows a redirect is sent anew by its own method")
  func redirected() throws {
    for (status, mayBeRepeated) in [(303, true), (307, false)] {
      let server = try ScriptedServer { peer in
        guard let first = peer.readRequest() else { return }
        if first.contains(" /next ") {
          peer.answer()
          return
        }
        peer.answer(status, "Location: /next\r\n")
        // Whatever comes next meets a connection that ends.
        _ = peer.readRequest()
      }
      defer { server.stop() }
      let result = try server.run(Self.request("POST", "x"), users: 1) {
        $0.steps[0].redirectLimit = 1
        $0.end(after: .shared(mayBeRepeated ? 50 : 4))
      }
      let step = result.steps[0]
      #expect(mayBeRepeated ? result.connections.retried > 0 : result.connections.retried == 0)
      #expect(step.failures.keys.allSatisfy { $0 == .reset })
      if mayBeRepeated { #expect((step.statuses[200] ?? 0) > 0) }
    }
  }

  @Test("templates know their method too")
  func methods() {
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"] {
      #expect(RequestMethod.isIdempotent(Array("\(method) /a HTTP/1.1".utf8)))
    }
    for method in ["POST", "PATCH", "CONNECT", "get", "GETS", ""] {
      #expect(!RequestMethod.isIdempotent(Array("\(method) /a HTTP/1.1".utf8)))
    }
    let head: [RequestPart] = [
      .bytes(Array("POST /".utf8)), .value(.uuid, .percent), .bytes(Array(" HTTP/1.1\r\n".utf8)),
    ]
    let step = StepPlan(name: "a", request: [], template: RequestTemplate(head: head))
    #expect(!RequestMethod.isIdempotent(step.opening))
  }

  @Test("a 408 before an idle connection is closed is the idle close, and no answer")
  func farewell() throws {
    let server = try ScriptedServer { peer in
      guard peer.readRequest() != nil else { return }
      peer.answer()
      peer.work(milliseconds: 5)
      peer.send("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let result = try server.run(users: 2) {
      $0.steps[0].thinkTime = .constant(.milliseconds(40))
      $0.end(after: .perUser(5))
    }
    let step = result.steps[0]
    #expect(step.failed == 0 && step.answered == 10 && step.statuses[408] == nil)
    #expect(result.connections.closedIdle > 0)
  }

  @Test(
    "a target that half-closes behind its answer has answered, and is not asked on that connection again",
    arguments: ["GET", "POST"])
  func halfCloseAfter(method: String) throws {
    let server = try ScriptedServer { peer in
      guard peer.readRequest() != nil else { return }
      // Together, so that the end is there when the answer is read; then it waits for the client to end.
      var on: Int32 = 1
      setsockopt(peer.descriptor, Int32(IPPROTO_TCP), TCP_CORK, &on, socklen_t(MemoryLayout<Int32>.size))
      peer.answer()
      peer.halfClose()
      _ = peer.readRequest()
    }
    defer { server.stop() }
    let result = try server.run(Self.request(method, "x")) { $0.end(after: .shared(40)) }
    let step = result.steps[0]
    #expect(step.answered == 40 && step.failed == 0 && result.connections.retried == 0, "\(step.failures)")
    #expect(server.requestCount == step.attempts)
  }

  @Test("a target that half-closes instead of answering, or within its answer, is a reset")
  func halfCloseBefore() throws {
    for part in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
      let server = try ScriptedServer { peer in
        guard peer.readRequest() != nil else { return }
        peer.send(part)
        peer.halfClose()
        _ = peer.readRequest()
      }
      defer { server.stop() }
      let step = try server.run(users: 4) { $0.end(after: .perUser(2)) }.steps[0]
      #expect(step.answered == 0 && step.attempts == 8 && step.failures == [.reset: 8])
    }
  }

  @Test("a pooled connection that is closed while nobody has it is counted, and no failure")
  func pooled() throws {
    let server = try ScriptedServer { peer in
      guard peer.readRequest() != nil else { return }
      peer.answer()
      peer.work(milliseconds: 5)
    }
    defer { server.stop() }
    // Of several users one could write just then, which is another case.
    let result = try server.run(users: 1) {
      $0.transport.connections = .pooled
      $0.steps[0].thinkTime = .constant(.milliseconds(60))
      $0.end(after: .perUser(5))
    }
    #expect(result.steps[0].failed == 0 && result.steps[0].answered == 5)
    #expect(result.connections.closedIdle > 0)
  }
}

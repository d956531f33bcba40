import Histograms
import Measures
import Synchronization
import Testing

@testable import BenchEngine

@Suite(.serialized, .enabled(if: TLSPeer.isAvailable, "needs the openssl program for a certificate"))
struct TLSTests {
  /// A run of one user against a server of its own.
  private func run(
    _ behaviour: TLSPeer.Behaviour = .closesAfterEach, host: String = "service.test", body: String = "",
    iterations: Int = 10, adjust: (inout TLSPlan) -> Void = { _ in }
  ) throws -> (result: LoadResult, handshakes: [TLSPeer.Handshake]) {
    let peer = try TLSPeer(behaviour)
    defer { peer.stop() }
    let request = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    var run = EngineRun(port: peer.port, request: request, users: 1)
    run.plan.endpoint.host = host
    run.plan.endpoint.connectTo = ConnectAddress(host: "127.0.0.1", port: peer.port)
    var tls = TLSPlan(authorityFile: peer.certificate)
    adjust(&tls)
    run.plan.endpoint.tls = tls
    run.plan.end(after: .shared(iterations))
    let result = try run()
    // The first is the preflight's.
    return (result, Array(peer.handshakes.withLock { $0 }.dropFirst()))
  }

  @Test(
    "a user's later connections take up its session, unless they are not to",
    arguments: [(true, TLSVersion.tls12), (true, .tls13), (false, .tls12), (false, .tls13)])
  func resumption(resumes: Bool, version: TLSVersion) throws {
    let (result, handshakes) = try run {
      $0.resumes = resumes
      $0.minimumVersion = version
      $0.maximumVersion = version
    }
    let step = result.steps[0]
    #expect(step.failed == 0 && step.answered == 10)
    let resumed = handshakes.filter(\.isResumed).count
    #expect(UInt64(resumed) == result.connections.resumed)
    #expect(resumes ? resumed == handshakes.count - 1 : resumed == 0, "\(resumed) of \(handshakes.count)")
    #expect(handshakes.allSatisfy { $0.version == (version == .tls12 ? "TLSv1.2" : "TLSv1.3") })
    #expect(step.phases.tls.count == UInt64(handshakes.count) && step.phases.tls.minimum > 0)
    let phases = step.phases
    let parts = [phases.connect, phases.tls, phases.send, phases.wait, phases.receive].reduce(0) { $0 + $1.sum }
    #expect(step.interrupted == 0 && abs(parts - step.service.sum) < 1)
  }

  @Test("a peer that hangs up in the middle of a request costs the request, not the process")
  func hangingUp() throws {
    let step = try run(.hangsUp, body: String(repeating: "x", count: 4 << 20), iterations: 3).result.steps[0]
    #expect(step.answered == 0 && step.failed == 3 && step.attempts == 3)
    #expect(step.failures.keys.allSatisfy { [.write, .reset].contains($0) }, "\(step.failures)")
  }

  /// A run of one user whose preflight the peer needn't survive.
  private func result(
    of peer: TLSPeer, body: String = "", adjust: (inout LoadPlan) -> Void = { _ in }
  ) throws -> LoadResult {
    let request = "PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    var run = EngineRun(port: peer.port, request: request, users: 1)
    run.plan.endpoint.host = "service.test"
    run.plan.endpoint.connectTo = ConnectAddress(host: "127.0.0.1", port: peer.port)
    run.plan.endpoint.tls = TLSPlan(authorityFile: peer.certificate)
    run.address = try SocketAddress.resolve(host: "127.0.0.1", port: peer.port)[0]
    adjust(&run.plan)
    return try run()
  }

  @Test("a peer that shakes hands anew before its answer is answered, and the connection goes on")
  func renegotiation() throws {
    let peer = try TLSPeer(.renegotiates)
    defer { peer.stop() }
    let result = try result(of: peer) { $0.endpoint.tls?.maximumVersion = .tls12 }
    let step = result.steps[0]
    #expect(step.answered > 3 && step.failed == 0, "\(step.failures) \(step.failureSamples)")
    #expect(UInt64(peer.renegotiations.load(ordering: .relaxed)) + 1 >= step.answered)
    #expect(result.connections.opened == 1)
  }

  @Test("a peer that wants to shake hands in the middle of an upload gets both, and the generator doesn't spin")
  func renegotiationWithinUpload() throws {
    // More than the sockets hold, so that the peer's wish comes while it is written.
    let body = String(repeating: "x", count: 16 << 20)
    let request = "PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    let peer = try TLSPeer(.renegotiatesEarly(request: request.utf8.count + body.utf8.count))
    defer { peer.stop() }
    let result = try result(of: peer, body: body) {
      $0.endpoint.tls?.maximumVersion = .tls12
      $0.workload = .users([.init(duration: .seconds(2), target: 1, isStep: true)])
      // Few uploads, so that what encrypting them costs is little beside the peer's pauses.
      $0.iterationLimit = .shared(2)
    }
    let step = result.steps[0]
    #expect(step.answered == 2 && step.failed == 0, "\(step.failures) \(step.failureSamples)")
    #expect(peer.renegotiations.load(ordering: .relaxed) > 0)
    #expect(result.generator.workerCPUNanoseconds < 700_000_000, "\(result.generator.workerCPUNanoseconds)")
  }

  @Test("a body that ends with the connection is whole only where TLS says so", arguments: [true, false])
  func untilClose(announced: Bool) throws {
    let peer = try TLSPeer(.untilClose(announced: announced))
    defer { peer.stop() }
    let step = try result(of: peer) { $0.end(after: .shared(3)) }.steps[0]
    #expect(step.attempts == 3)
    if announced {
      #expect(step.answered == 3 && step.failed == 0, "\(step.failureSamples)")
    } else {
      #expect(step.answered == 0 && step.failures == [.reset: 3])
      #expect(step.failureSamples[.reset]?.contains("cut off") == true, "\(step.failureSamples)")
    }
  }

  @Test("bytes behind an answer are found in the next record too")
  func surplus() throws {
    let peer = try TLSPeer(.surplus)
    defer { peer.stop() }
    let step = try result(of: peer).steps[0]
    #expect((step.failures[.protocol] ?? 0) > 0 && step.failures.count == 1, "\(step.failures)")
    #expect(step.answered <= (step.failures[.protocol] ?? 0))
  }

  @Test("what is no TLS within a connection is named, by what this call met and none before it")
  func garbage() throws {
    let peer = try TLSPeer(.garbage)
    defer { peer.stop() }
    let step = try result(of: peer) { $0.end(after: .shared(3)) }.steps[0]
    #expect(step.answered == 0 && step.failures == [.tls: 3] && step.attempts == 3, "\(step.failures)")
    #expect(step.failureSamples[.tls]?.contains("wrong version number") == true, "\(step.failureSamples)")
  }

  @Test("a name that OpenSSL can't check is refused, not left unchecked")
  func uncheckedName() throws {
    let peer = try TLSPeer(.keepsAlive)
    defer { peer.stop() }
    let name = Array(repeating: "abcdefghi", count: 30).joined(separator: ".") + ".test"
    var plan = TLSPlan(insecure: true)
    plan.serverName = name
    var endpoint = Endpoint(host: "127.0.0.1", port: peer.port, tls: plan)
    endpoint.connectTo = ConnectAddress(host: "127.0.0.1", port: peer.port)
    let error = #expect(throws: EngineError.self) { try Preflight.reach(endpoint, timeout: .seconds(2)) }
    #expect(error?.code == .tls)
    let step = try result(of: peer) {
      $0.endpoint.tls?.serverName = name
      $0.end(after: .shared(3))
    }.steps[0]
    #expect(step.answered == 0 && step.failures == [.tls: 3] && step.attempts == 3)
  }

  @Test("a kept connection needs one handshake")
  func kept() throws {
    let (result, handshakes) = try run(.keepsAlive, iterations: 50)
    #expect(result.steps[0].answered == 50 && result.steps[0].failed == 0)
    #expect(handshakes.count == 1 && result.connections.resumed == 0)
  }

  @Test("the server is asked for by the target's name, or the one that is given; an address is never one")
  func serverName() throws {
    #expect(try run().handshakes.allSatisfy { $0.serverName == "service.test" })
    #expect(
      try run(host: "elsewhere.test", adjust: { $0.serverName = "service.test" }).handshakes.allSatisfy {
        $0.serverName == "service.test"
      })
    #expect(try run(host: "127.0.0.1").handshakes.allSatisfy { $0.serverName == nil })
  }

  @Test("a certificate for another name, or of an unknown authority, is refused before the run; insecure takes it")
  func verification() throws {
    for adjust in [
      { (plan: inout TLSPlan) in plan.serverName = "other.test" }, { $0.authorityFile = nil },
    ] {
      let error = #expect(throws: EngineError.self) { try run(adjust: adjust) }
      #expect(error?.code == .tls)
    }
    let (result, _) = try run {
      $0.authorityFile = nil
      $0.insecure = true
      $0.serverName = "other.test"
    }
    #expect(result.steps[0].answered == 10 && result.steps[0].failed == 0)
  }
}

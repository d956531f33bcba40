import Glibc
import Histograms
import Measures
import Synchronization
import Testing

@testable import BenchEngine

@Suite(.serialized)
struct TransportTests {
  @Test("service time is its phases, and each phase is where the time went")
  func phases() throws {
    let head = Array("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab".utf8)
    let server = try FaultyServer(.pauses(15_000, head, Array("cd".utf8)))
    defer { server.stop() }
    let step = try EngineRun(server, users: 1)().steps[0]
    let phases = step.phases
    #expect(step.answered > 3)
    #expect(phases.connect.count == step.attempts - step.interrupted)
    #expect(phases.tls.isEmpty)
    #expect(phases.send.maximum == 0)
    #expect(phases.wait.minimum >= 15_000_000 && phases.receive.minimum >= 10_000_000)
    let parts = [phases.connect, phases.send, phases.wait, phases.receive].reduce(0) { $0 + $1.sum }
    #expect(abs(parts - step.service.sum) < 1, "\(parts) \(step.service.sum)")
  }

  @Test("a connection is a user's for the run, for an iteration, or anybody's")
  func connectionUse() throws {
    func opened(_ use: ConnectionUse, users: Double, think: Duration) throws -> UInt64 {
      let server = try FaultyServer(.answers)
      defer { server.stop() }
      var run = EngineRun(server, users: users)
      run.plan.transport.connections = use
      // One after another, so that few of them wait for an answer at the same time.
      run.plan.workload = .users([
        .init(duration: .milliseconds(300), target: users), .init(duration: .milliseconds(200), target: users),
      ])
      run.plan.steps.append(run.plan.steps[0])
      run.plan.steps[0].name = "first"
      run.plan.steps[0].thinkTime = .uniform(.zero, think * 2)
      run.plan.steps[1].thinkTime = .uniform(.zero, think * 2)
      run.plan.journeys[0].steps = [0, 1]
      let result = try run()
      #expect(result.steps.allSatisfy { $0.failed == 0 })
      #expect(result.iterations.started > 40)
      if use == .perIteration { #expect(result.connections.opened == result.iterations.started) }
      #expect(
        result.steps.reduce(0) { $0 + $1.answered + $1.interrupted }
          == UInt64(
            server.requests.load(ordering: .relaxed)))
      return result.connections.opened
    }
    #expect(try opened(.perUser, users: 30, think: .milliseconds(20)) == 30)
    _ = try opened(.perIteration, users: 30, think: .milliseconds(20))
    let pooled = try opened(.pooled, users: 30, think: .milliseconds(20))
    #expect((1..<30).contains(pooled), "\(pooled)")
    #expect(try opened(.pooled, users: 1, think: .milliseconds(1)) == 1)
  }

  @Test("a pooled connection that the peer closes is replaced without a failure")
  func pooledClosed() throws {
    let server = try FaultyServer(.closesIdle(after: 5))
    defer { server.stop() }
    var run = EngineRun(server, users: 10)
    run.plan.transport.connections = .pooled
    run.plan.steps[0].thinkTime = .constant(.milliseconds(2))
    let result = try run()
    #expect(result.steps[0].failed == 0 && result.steps[0].answered > 50)
    // Five answers each; whether the end comes with the fifth or behind it is the host's.
    #expect(result.connections.opened >= result.steps[0].answered / 5)
  }

  struct Limit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var behaviour: FaultyServer.Behaviour
    var kind = FailureKind.timeout
    var words: String
    var set: @Sendable (inout LoadPlan) -> Void
  }

  static let limits: [Limit] = [
    .init(
      testDescription: "first byte", behaviour: .silent, words: "no response within 0.1",
      set: { $0.transport.timeouts.firstByte = .milliseconds(100) }),
    .init(
      testDescription: "whole, while waiting", behaviour: .silent, words: "no response within 0.12",
      set: { $0.transport.timeouts.total = .milliseconds(120) }),
    .init(
      testDescription: "whole, while receiving",
      behaviour: .trickles(10_000, Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".utf8)),
      words: "did not end within 0.12", set: { $0.transport.timeouts.total = .milliseconds(120) }),
    .init(
      testDescription: "handshake", behaviour: .silent, kind: .tls, words: "no TLS handshake within 0.1",
      set: {
        $0.endpoint.tls = TLSPlan(insecure: true)
        $0.transport.timeouts.tls = .milliseconds(100)
      }),
    .init(
      testDescription: "whole, in the handshake", behaviour: .silent, kind: .tls, words: "no TLS handshake within 0.1",
      set: {
        $0.endpoint.tls = TLSPlan(insecure: true)
        $0.transport.timeouts.total = .milliseconds(100)
      }),
  ]

  @Test("each phase has its own end, and the whole has one", arguments: limits)
  func timeouts(limit: Limit) throws {
    let server = try FaultyServer(limit.behaviour)
    defer { server.stop() }
    var run = EngineRun(server, users: 1)
    run.address = try SocketAddress.resolve(host: "127.0.0.1", port: server.port)[0]
    limit.set(&run.plan)
    let step = try run().steps[0]
    #expect(step.answered == 0 && (step.failures[limit.kind] ?? 0) > 0, "\(step.failures)")
    #expect(step.failureSamples[limit.kind]?.contains(limit.words) == true, "\(step.failureSamples)")
  }

  @Test(
    "once the first byte is there, the answer has the response's time, and the connection is counted long before it")
  func firstByteOnly() throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    let server = try FaultyServer(.trickles(30_000, Array(answer.utf8)))
    defer { server.stop() }
    var run = EngineRun(server, users: 1)
    // More than a second, so that nothing but the connection is in the first second's figures.
    run.plan.workload = .users([.init(duration: .milliseconds(1_500), target: 1, isStep: true)])
    run.plan.transport.timeouts.firstByte = .milliseconds(500)
    let step = try run().steps[0]
    #expect(step.answered > 0 && step.failed == 0)
    #expect(step.response.minimum > 1_000_000_000)
  }

  @Test("a name that moves takes new connections along; one that is lost changes nothing")
  func names() throws {
    let old = try FaultyServer(.answers)
    let new = try FaultyServer(.answers)
    defer {
      old.stop()
      new.stop()
    }
    let port = new.port
    var run = EngineRun(old)
    run.plan.endpoint.host = "localhost"
    run.plan.endpoint.family = .ipv4
    run.plan.transport.connections = .perIteration
    run.plan.transport.nameTTL = .milliseconds(60)
    run.plan.steps[0].thinkTime = .constant(.milliseconds(2))
    let lookUps = Atomic<Int>(0)
    let result = try LoadEngine.run(
      run.plan, to: SocketAddress.resolve(host: "127.0.0.1", port: old.port)[0], control: .init(),
      resolve: { endpoint throws(EngineError) in
        switch lookUps.wrappingAdd(1, ordering: .relaxed).oldValue {
        case 0: return try SocketAddress.resolve(endpoint)
        case 1: return try SocketAddress.resolve(host: "127.0.0.1", port: port)
        default: throw EngineError(.unresolvable, "lost")
        }
      }, observe: { _ in .goOn })
    expectConserved(result)
    #expect(result.steps[0].failed == 0)
    #expect(old.requests.load(ordering: .relaxed) > 0 && new.requests.load(ordering: .relaxed) > 0)
    #expect(result.connections.moves == 1 && result.lookUps.count == 2 && result.connections.failedLookUps > 0)
  }

  @Test("a name that moves to where load may not go is not followed")
  func forbidden() throws {
    let server = try FaultyServer(.answers)
    defer { server.stop() }
    let asked = Mutex<Set<String>>([])
    var run = EngineRun(server)
    run.plan.endpoint.host = "localhost"
    run.plan.endpoint.family = .ipv4
    run.plan.transport.nameTTL = .milliseconds(50)
    let result = try LoadEngine.run(
      run.plan, to: SocketAddress.resolve(host: "127.0.0.1", port: server.port)[0], control: .init(),
      mayMove: { address in
        asked.withLock { _ = $0.insert(address.numericHost) }
        return false
      }, observe: { _ in .goOn })
    expectConserved(result)
    #expect(asked.withLock { $0 } == ["127.0.0.1"])
    #expect(result.steps[0].failed == 0 && result.connections.moves == 0 && result.connections.failedLookUps > 0)
  }

  @Test("connections go where they are told; requests stay the target's")
  func connectTo() throws {
    let hosts = Mutex<Set<String>>([])
    let server = try FaultyServer(
      .responds { request in
        hosts.withLock { _ = $0.insert(request) }
        return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
      })
    defer { server.stop() }
    var run = EngineRun(port: 80, request: "GET / HTTP/1.1\r\nHost: service.invalid\r\n\r\n")
    run.plan.endpoint.host = "service.invalid"
    run.plan.endpoint.connectTo = ConnectAddress(host: "127.0.0.1", port: server.port)
    let step = try run().steps[0]
    #expect(step.answered > 0 && step.failed == 0)
    #expect(hosts.withLock { $0 } == ["GET / HTTP/1.1\r\nHost: service.invalid\r\n\r\n"])
  }

  @Test("only addresses of the wanted family are used")
  func families() throws {
    #expect(try SocketAddress.resolve(host: "127.0.0.1", port: 1, family: .ipv4).count == 1)
    #expect(try SocketAddress.resolve(host: "::1", port: 1, family: .ipv6)[0].numericHost == "::1")
    for (host, family) in [("127.0.0.1", AddressFamily.ipv6), ("::1", .ipv4)] {
      let error = #expect(throws: EngineError.self) {
        try SocketAddress.resolve(host: host, port: 1, family: family)
      }
      #expect(error?.code == .unresolvable)
      #expect(error?.message.contains(family == .ipv4 ? "no IPv4 address" : "no IPv6 address") == true)
    }
  }

  @Test("pinned workers stay on a processor each; others roam")
  func pinning() throws {
    for pins in [false, true] {
      let server = try FaultyServer(.answers)
      defer { server.stop() }
      var run = EngineRun(server, users: 4)
      run.plan.workload = .users([.init(duration: .milliseconds(1_200), target: 4, isStep: true)])
      run.plan.workers = 2
      run.plan.transport.pinsWorkers = pins
      var seen: [String] = []
      run.observe = { _ in
        seen = seen.isEmpty ? Self.processorsOfWorkers() : seen
        return .abort
      }
      let result = try run()
      #expect(result.steps[0].answered > 0)
      #expect(seen.count == 2)
      let available = sysconf(Int32(_SC_NPROCESSORS_ONLN))
      if pins { #expect(Set(seen).count == min(available, 2) && seen.allSatisfy { Int($0) != nil }, "\(seen)") }
      if !pins, available > 1 { #expect(Set(seen).count == 1 && seen.allSatisfy { Int($0) == nil }, "\(seen)") }
    }
  }

  /// As `/proc` lists them: `1`, or `0-1`.
  private static func processorsOfWorkers() -> [String] {
    var lists: [String] = []
    guard let folder = opendir("/proc/self/task") else { return [] }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let file = fopen("/proc/self/task/\(name)/status", "r") else { continue }
      defer { fclose(file) }
      var buffer = [UInt8](repeating: 0, count: 8_192)
      let count = fread(&buffer, 1, buffer.count, file)
      let text = String(decoding: buffer.prefix(count), as: UTF8.self)
      guard text.hasPrefix("Name:\tbench-worker\n") else { continue }
      let line = text.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
      lists += line.map { [String($0.split(separator: "\t")[1])] } ?? []
    }
    return lists
  }
}

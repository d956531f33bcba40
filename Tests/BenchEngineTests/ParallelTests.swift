import Glibc
import Histograms
import Measures
import Synchronization
import TestSupport
import Testing

@testable import BenchEngine

/// Groups of steps that are asked for at the same time, as the peer sees them.
@Suite(.serialized)
struct ParallelTests {
  /// A page, `members` of a group, and a last step.
  private static func plan(
    port: UInt16, members: Int, connections: Int = 6, users: Double = 1, iterations: Int? = 4
  ) -> LoadPlan {
    let names = ["page"] + (1...members).map { "asset\($0)" } + ["last"]
    var plan = LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: port),
      steps: names.map { StepPlan(name: $0, request: Array("GET /\($0) HTTP/1.1\r\nHost: t\r\n\r\n".utf8)) },
      journeys: [JourneyPlan(name: "visit", weight: 1, steps: Array(names.indices))],
      workload: .users([.init(duration: .milliseconds(iterations == nil ? 200 : 20_000), target: users, isStep: true)]),
      gracefulStop: .milliseconds(500), connectTimeout: .seconds(2), responseTimeout: .seconds(2),
      iterationLimit: iterations.map { .perUser($0) })
    plan.journeys[0].groups = [ParallelGroup(first: 1, count: members, connections: connections)]
    return plan
  }

  private func run(
    _ plan: LoadPlan, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> LoadResult {
    let address = try SocketAddress.resolve(host: "127.0.0.1", port: plan.endpoint.port)[0]
    let result = try LoadEngine.run(plan, to: address)
    expectConserved(result, sourceLocation: sourceLocation)
    return result
  }

  @Test(
    "so many are under way as there are connections, and these are kept for later groups and steps",
    arguments: [(12, 6, 6), (12, 2, 2), (3, 6, 3), (20, 5, 5), (2, 1, 1), (1, 6, 1)])
  func width(members: Int, connections: Int, expected: Int) throws {
    let server = try FaultyServer(.answersWhenQuiet)
    defer { server.stop() }
    let plan = Self.plan(port: server.port, members: members, connections: connections)
    let result = try run(plan)
    #expect(server.peak.load(ordering: .relaxed) == expected)
    #expect(result.iterations.completed == 4 && result.connections.opened == UInt64(expected))
    #expect(result.steps.allSatisfy { $0.attempts == 4 && $0.answered == 4 && $0.failed == 0 })
    #expect(plan.peakConnections == expected && plan.connectionLimit == expected)
  }

  @Test("before the start, descriptors are counted for every connection of a user")
  func descriptors() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    // As many as the bounds of a scenario allow, where the system knows no limit.
    let users = (Double(min(limit.rlim_max, 100_000)) * 0.3).rounded()
    let plan = Self.plan(port: 1, members: 8, users: users)
    let error = #expect(throws: EngineError.self) { try Preflight.requireResources(for: plan) }
    let text = try #require(error?.message)
    #expect(error?.code == .resources && text.hasPrefix("\(Int(users) * 6) connections of users, 6 of each, need"))
  }

  /// Paths in the order in which a server of one thread read them.
  private func paths(_ plan: (UInt16) -> LoadPlan) throws -> (paths: [String], result: LoadResult) {
    let seen = Mutex<[String]>([])
    let server = try FaultyServer(
      .responds { request in
        let path = String(request.split(separator: " ")[1])
        seen.withLock { $0.append(path) }
        return "HTTP/1.1 200 OK\r\nX-Path: \(path)\r\nContent-Length: 2\r\n\r\nok"
      })
    defer { server.stop() }
    let result = try run(plan(server.port))
    return (seen.withLock { $0 }, result)
  }

  @Test("the group begins after the page and ends before the last step; with one connection it keeps its order")
  func order() throws {
    let members = (1...9).map { "/asset\($0)" }
    for connections in [1, 4] {
      let (paths, result) = try paths { Self.plan(port: $0, members: 9, connections: connections) }
      #expect(result.iterations.completed == 4 && paths.count == 44)
      for start in stride(from: 0, to: paths.count, by: 11) {
        #expect(paths[start] == "/page" && paths[start + 10] == "/last")
        let between = Array(paths[(start + 1)..<(start + 10)])
        #expect(connections == 1 ? between == members : between.sorted() == members)
      }
    }
  }

  @Test("a member is intended when the group begins or its connection is free, so none waits in its response time")
  func intended() throws {
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".utf8)
    let server = try FaultyServer(.pauses(20_000, answer, Array("ok".utf8)))
    defer { server.stop() }
    let result = try run(Self.plan(port: server.port, members: 6, connections: 2))
    // What wrote the members before it is a member's lag; an answer of theirs would be 20 ms of it.
    for step in result.steps.dropFirst() {
      #expect(step.lag.maximum < 20_000_000 && step.response.sum == step.service.sum + step.lag.sum)
    }
  }

  @Test("the pause after a group is its last member's, and the next step's lag doesn't hold it")
  func pause() throws {
    let (_, result) = try paths { port in
      var plan = Self.plan(port: port, members: 4, iterations: 3)
      plan.steps[4].thinkTime = .constant(.milliseconds(60))
      return plan
    }
    #expect(result.iterations.completed == 3)
    #expect(result.elapsedNanoseconds > 180_000_000)
    #expect(result.steps[5].response.maximum < 60_000_000)
  }

  @Test("members may be templates at the same time, and what one captures is known after the group")
  func state() throws {
    func get(_ path: String, _ slot: Int? = nil) -> RequestTemplate {
      var head: [RequestPart] = [.bytes(Array("GET \(path)".utf8))]
      if let slot { head.append(.value(.slot(slot), .percent)) }
      return RequestTemplate(head: head + [.bytes(Array(" HTTP/1.1\r\nHost: t\r\n".utf8))])
    }
    func captures(_ slot: Int) -> CheckPlan {
      CheckPlan(label: "captures", subject: .captured(CapturePlan(slot: slot, source: .header(Array("x-path".utf8)))))
    }
    let (paths, result) = try paths { port in
      var plan = Self.plan(port: port, members: 3)
      plan.slotCount = 2
      plan.keepsCookies = true
      for (index, path) in ["/page", "/a", "/\(String(repeating: "b", count: 900))", "/c", "/last"].enumerated() {
        plan.steps[index].request = []
        plan.steps[index].template = get(path, index == 0 ? nil : index == 4 ? 1 : 0)
      }
      plan.steps[0].checks = [captures(0)]
      plan.steps[3].checks = [captures(1)]
      return plan
    }
    #expect(result.iterations.completed == 4 && result.steps[3].checksPassed == [4])
    let bs = String(repeating: "b", count: 900)
    let expected = ["/page", "/a%2Fpage", "/\(bs)%2Fpage", "/c%2Fpage", "/last%2Fc%252Fpage"]
    #expect(paths.count == 20 && Set(paths) == Set(expected))
    #expect(paths.filter { $0 == "/last%2Fc%252Fpage" }.count == 4)
  }

  @Test("a member without an answer ends the iteration, once the whole group has been asked for")
  func broken() throws {
    let server = try FaultyServer(.closesWithoutAnswer)
    defer { server.stop() }
    var plan = Self.plan(port: server.port, members: 8, connections: 3, iterations: 2)
    plan.journeys[0].steps.removeFirst()
    plan.journeys[0].groups[0].first = 0
    let result = try run(plan)
    #expect(result.iterations.started == 2 && result.iterations.failed == 2)
    #expect(result.steps[1...8].allSatisfy { $0.attempts == 2 && $0.failures == [.reset: 2] })
    #expect(result.steps[9].attempts == 0)
  }

  @Test("a member with a failing status fails the iteration, which goes on")
  func status() throws {
    let server = try FaultyServer(
      .responds { request in
        "HTTP/1.1 \(request.hasPrefix("GET /asset3 ") ? 503 : 200) S\r\nContent-Length: 0\r\n\r\n"
      })
    defer { server.stop() }
    let result = try run(Self.plan(port: server.port, members: 7, connections: 3))
    #expect(result.iterations.failed == 4 && result.iterations.completed == 0)
    #expect(result.steps.allSatisfy { $0.answered == 4 } && result.steps[3].failures == [.status: 4])
  }

  struct Peer: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var behaviour: FaultyServer.Behaviour
  }

  static let peers: [Peer] = [
    .init(testDescription: "answers", behaviour: .answers),
    .init(testDescription: "resets each 3rd connection", behaviour: .resetsEach(3)),
    .init(testDescription: "resets each 7th connection", behaviour: .resetsEach(7)),
    .init(testDescription: "dies", behaviour: .dies(after: 60)),
    .init(testDescription: "closes idle connections", behaviour: .closesIdle(after: 3)),
    .init(testDescription: "closes without an answer", behaviour: .closesWithoutAnswer),
    .init(testDescription: "is silent", behaviour: .silent),
    .init(testDescription: "never ends", behaviour: .neverEnds),
    .init(testDescription: "speaks no HTTP", behaviour: .garbage),
  ]

  /// The first of them are each peer once, and each use three times.
  private static let pairs = (0..<3).flatMap { turn in
    peers.enumerated().map { ($1, [ConnectionUse.perUser, .perIteration, .pooled][($0 + turn) % 3]) }
  }

  @Test(
    "all adds up whatever the peer does, whosever the connections are",
    arguments: LongTests.cases(pairs, first: peers.count))
  func conserved(peer: Peer, use: ConnectionUse) throws {
    for isOpen in [false, true] {
      let server = try FaultyServer(peer.behaviour)
      defer { server.stop() }
      var plan = Self.plan(port: server.port, members: 8, connections: 4, users: 3, iterations: nil)
      plan.gracefulStop = .milliseconds(100)
      plan.transport.connections = use
      plan.workers = 2
      if isOpen {
        plan.workload = .rate([.init(duration: .milliseconds(200), target: 100, isStep: true)], maxInFlight: 5)
      }
      let result = try run(plan)
      #expect(result.iterations.started > 0)
      #expect(result.elapsedNanoseconds < 1_500_000_000)
      if case .answers = peer.behaviour {
        #expect(result.iterations.failed == 0 && result.iterations.completed > 5)
        let opened = result.connections.opened
        if use == .perIteration { #expect(opened >= 4 * result.iterations.completed) } else { #expect(opened <= 20) }
      }
    }
  }

  @Test("an interruption counts every member that was under way")
  func interrupted() throws {
    let server = try FaultyServer(.silent)
    defer { server.stop() }
    var plan = Self.plan(port: server.port, members: 10, connections: 6, users: 2, iterations: nil)
    plan.journeys[0].steps.removeFirst()
    plan.journeys[0].groups[0].first = 0
    plan.gracefulStop = .milliseconds(50)
    let result = try run(plan)
    #expect(result.iterations.interrupted == 2)
    #expect(result.steps.map(\.interrupted) == [0, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0])
  }

  @Test(
    "connections of a group speak TLS, and those that are new take up their user's session",
    .enabled(if: TLSPeer.isAvailable, "needs the openssl program for a certificate"))
  func security() throws {
    let peer = try TLSPeer(.servesAll)
    defer { peer.stop() }
    var plan = Self.plan(port: peer.port, members: 8, connections: 3)
    plan.endpoint.tls = TLSPlan(authorityFile: peer.certificate)
    let result = try run(plan)
    #expect(result.iterations.completed == 4 && result.steps.allSatisfy { $0.answered == 4 })
    #expect(result.connections.opened == 3 && result.connections.resumed == 2)
    #expect(peer.handshakes.withLock { $0.map(\.isResumed).filter { $0 }.count } == 2)
  }

  @Test("a step that is followed elsewhere stays on its connection, beside the others")
  func redirects() throws {
    let (paths, result) = try paths { port in
      var plan = Self.plan(port: port, members: 3)
      for index in plan.steps.indices { plan.steps[index].redirectLimit = 2 }
      return plan
    }
    #expect(result.iterations.completed == 4 && paths.count == 20)
    let server = try FaultyServer(
      .responds { request in
        let isMoved = request.hasPrefix("GET /asset")
        return "HTTP/1.1 \(isMoved ? "302 F\r\nLocation: /moved" : "200 OK")\r\nContent-Length: 0\r\n\r\n"
      })
    defer { server.stop() }
    var plan = Self.plan(port: server.port, members: 5, connections: 3)
    for index in plan.steps.indices { plan.steps[index].redirectLimit = 2 }
    let moved = try run(plan)
    #expect(moved.iterations.completed == 4)
    #expect(moved.steps.map(\.answered) == [4, 8, 8, 8, 8, 8, 4])
  }
}

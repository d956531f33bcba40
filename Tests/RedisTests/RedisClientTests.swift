import Synchronization
import TestSupport
import Testing

@testable import Redis

/// On a Redis of its own, and on peers that are none.
@Suite(.timeLimit(.minutes(1)), .enabled(if: RedisServer.program != nil, "Redis is not installed: scripts/setup test"))
struct RedisClientTests {
  /// What a client says of its connection, in order.
  private final class States: Sendable {
    private let seen = Mutex<[RedisClient.State]>([])
    func add(_ state: RedisClient.State) { seen.withLock { $0.append(state) } }
    var all: [RedisClient.State] { seen.withLock { $0 } }
    func wait(for count: Int) async -> Bool { await Waiting.until { self.all.count >= count } }
  }

  private func client(
    _ url: String, _ states: States, timeout: Duration = .milliseconds(250)
  ) throws -> RedisClient {
    try RedisClient(RedisConfiguration(url: url), timeout: timeout, onChange: states.add)
  }

  private func bytes(_ text: String) -> [UInt8] { [UInt8](text.utf8) }

  @Test("values come back as they were put, whatever bytes they hold")
  func roundTrip() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url + "/2", states)
    #expect(await states.wait(for: 1))
    #expect(states.all == [.connected])
    let value = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    let answers = try await client.perform([
      RedisCommand("SET", bytes("k\r\n\0x"), value), RedisCommand("GET", bytes("k\r\n\0x")),
      RedisCommand("GET", bytes("none")), RedisCommand("INCR", bytes("k\r\n\0x")),
      RedisCommand("MGET", bytes("none"), []),
    ])
    #expect(answers.count == 5)
    #expect(answers[0] == .status("OK") && answers[1] == .bytes(value) && answers[2] == .none)
    guard case .error = answers[3] else { return #expect(Bool(false), "\(answers[3])") }
    #expect(answers[4] == .list([.none, .none]))
  }

  @Test("a thousand at once are answered each with its own, or refused at once")
  func many() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url, states, timeout: .seconds(20))
    #expect(await states.wait(for: 1))
    let outcomes = await withTaskGroup(of: Bool?.self) { group in
      for number in 0..<1_000 {
        group.addTask {
          let text = [UInt8]("\(number)".utf8)
          do {
            return try await client.perform([RedisCommand("ECHO", text)]) == [.bytes(text)]
          } catch {
            return (error as? RedisError)?.code == .busy ? nil : false
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count == 1_000 && !outcomes.contains(false) && outcomes.contains(true))
  }

  @Test("a server that is killed is away at once and for as long as it is, then there again")
  func restart() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url, states)
    #expect(await states.wait(for: 1))
    try server.kill()
    // Whoever finds out is refused, the next ones without being made to wait.
    await #expect(throws: RedisError.self) { try await client.perform([RedisCommand("PING")]) }
    #expect(await Waiting.until { if case .away = states.all.last { true } else { false } })
    let error = await #expect(throws: RedisError.self) { try await client.perform([RedisCommand("PING")]) }
    #expect(error?.code == .away)
    try server.start()
    #expect(await Waiting.until { states.all.last == .connected })
    #expect(try await client.perform([RedisCommand("PING")]) == [.status("PONG")])
  }

  @Test("a connection that the server ended for being idle is opened again behind whoever finds it")
  func idle() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url, states)
    let other = try observer(server.url)
    #expect(await states.wait(for: 1))
    _ = try await client.perform([RedisCommand("PING")])
    #expect(await Waiting.until { other.isConnected })
    _ = try await other.client.perform([
      RedisCommand("CLIENT", bytes("KILL"), bytes("TYPE"), bytes("normal"), bytes("SKIPME"), bytes("yes"))
    ])
    let error = await #expect(throws: RedisError.self) { try await client.perform([RedisCommand("PING")]) }
    #expect(error?.code == .away)
    #expect(await Waiting.until { client.isConnected })
    #expect(try await client.perform([RedisCommand("PING")]) == [.status("PONG")])
    #expect(states.all == [.connected, .renewing, .connected])
  }

  private struct Observer {
    let client: RedisClient
    let states: States
    var isConnected: Bool { states.all.last == .connected }
  }

  private func observer(_ url: String) throws -> Observer {
    let states = States()
    return Observer(client: try client(url, states), states: states)
  }

  @Test("a server that says nothing holds nobody up for longer than the time-out")
  func frozen() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url, states, timeout: .milliseconds(100))
    #expect(await states.wait(for: 1))
    try server.signal("STOP")
    let start = ContinuousClock.now
    let codes = await withTaskGroup(of: RedisError.Code?.self) { group in
      for _ in 0..<20 {
        group.addTask {
          do {
            _ = try await client.perform([RedisCommand("PING")])
            return nil
          } catch {
            return (error as? RedisError)?.code
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(start.duration(to: .now) < .seconds(2))
    #expect(codes.allSatisfy { $0 == .lost || $0 == .away })
    try server.signal("CONT")
    #expect(await Waiting.until { states.all.last == .connected && states.all.count >= 3 })
  }

  @Test("a server that doesn't read holds up no writer for longer")
  func unread() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url, states, timeout: .milliseconds(100))
    #expect(await states.wait(for: 1))
    try server.signal("STOP")
    let start = ContinuousClock.now
    let huge = RedisCommand("SET", bytes("k"), [UInt8](repeating: 65, count: 64 << 20))
    let error = await #expect(throws: RedisError.self) { try await client.perform([huge]) }
    #expect(error?.code == .lost && start.duration(to: .now) < .seconds(2))
    try server.signal("CONT")
  }

  @Test("a password is shown, and a wrong one is told in Redis' words")
  func password() async throws {
    let server = try RedisServer(options: "--requirepass s3cret")
    let right = States()
    let client = try client("redis://:s3cret@127.0.0.1:\(server.port)", right)
    #expect(await right.wait(for: 1))
    #expect(try await client.perform([RedisCommand("PING")]) == [.status("PONG")])
    for (url, word) in [("redis://:wrong@127.0.0.1:\(server.port)", "WRONGPASS"), (server.url, "NOAUTH")] {
      let wrong = States()
      let refused = try self.client(url, wrong)
      #expect(await wrong.wait(for: 1))
      guard case .away(let error) = wrong.all.first else { return #expect(Bool(false)) }
      #expect(error.code == .refused && error.message.contains(word), "\(error)")
      refused.close()
    }
  }

  @Test(
    "peers that are no Redis, or lie about what they send, are given up",
    arguments: [
      "HTTP/1.1 200 OK\r\n\r\n", "$5\r\nab", "$-5\r\n", "*1000000\r\n", "$99999999999999\r\n", "+PONG", ":\r\n",
      "*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n",
    ])
  func liars(greeting: String) async throws {
    let server = try LoopbackServer(greeting: [UInt8](greeting.utf8)) { _ in .init(bytes: []) }
    defer { server.stop() }
    let states = States()
    let client = try client("redis://127.0.0.1:\(server.port)", states, timeout: .milliseconds(100))
    #expect(await states.wait(for: 1))
    #expect(states.all.first != .connected, "\(states.all)")
    client.close()
    let error = await #expect(throws: RedisError.self) { try await client.perform([RedisCommand("PING")]) }
    #expect(error?.code == .closed)
  }

  @Test("a closed client refuses what waits, and its thread ends")
  func closing() async throws {
    let server = try RedisServer()
    let states = States()
    let client = try client(server.url, states)
    #expect(await states.wait(for: 1))
    client.close()
    await #expect(throws: RedisError.self) { try await client.perform([RedisCommand("PING")]) }
    // Nobody is connected any more but the one who asks.
    let other = try observer(server.url)
    #expect(await Waiting.until { other.isConnected })
    var connected = 0
    for _ in 0..<2_000 where connected != 1 {
      let list = try await other.client.perform([RedisCommand("CLIENT", bytes("LIST"))])
      guard case .bytes(let text) = list.first else { continue }
      connected = text.count { $0 == UInt8(ascii: "\n") }
    }
    #expect(connected == 1)
  }
}

import Redis
import Synchronization
import TestSupport
import Testing

@testable import AppCache

/// On a Redis of its own, which instances of the service share.
@Suite(.timeLimit(.minutes(1)), .enabled(if: RedisServer.program != nil, "Redis is not installed: scripts/setup test"))
struct SharedBodiesTests {
  private let body = [UInt8](#"{"count":0}"#.utf8)

  private func instance(
    of server: RedisServer, prefix: String = "p:", lifetime: Double = 300, timeout: Duration = .seconds(5)
  ) async throws -> (bodies: SharedBodies, client: RedisClient) {
    let client = try RedisClient(RedisConfiguration(url: server.url), timeout: timeout)
    #expect(await Waiting.until { client.isConnected })
    return (SharedBodies(client, prefix: prefix, lifetime: lifetime), client)
  }

  private func word(_ look: SharedBodies.Look) throws -> SharedBodies.Word {
    guard case .missing(let word) = look else { throw Unexpected(look: look) }
    return word
  }

  private struct Unexpected: Error { var look: SharedBodies.Look }

  private func isFound(_ look: SharedBodies.Look) -> Bool {
    if case .found(let bytes, let age) = look { bytes == body && age >= 0 && age < 60 } else { false }
  }

  @Test("what one has made another finds, and nobody once the schedule has changed")
  func sharing() async throws {
    let server = try RedisServer()
    let (one, _) = try await instance(of: server)
    let (two, _) = try await instance(of: server)
    one.keep(body, for: "a", under: try word(await one.look(for: "a")))
    #expect(isFound(await one.look(for: "a")))
    #expect(isFound(await two.look(for: "a")))
    _ = try word(await two.look(for: "b"))
    two.invalidate()
    // Each asks behind what it has said itself; the other once that is there.
    _ = try word(await two.look(for: "a"))
    _ = try word(await one.look(for: "a"))
  }

  @Test("what was begun before the schedule changed serves nobody after")
  func race() async throws {
    let server = try RedisServer()
    let (one, _) = try await instance(of: server)
    let (two, _) = try await instance(of: server)
    let old = try word(await one.look(for: "a"))
    two.invalidate()
    _ = try word(await two.look(for: "a"))
    one.keep(body, for: "a", under: old)
    _ = try word(await one.look(for: "a"))
    _ = try word(await two.look(for: "a"))
  }

  @Test("others' prefix is another cache")
  func prefix() async throws {
    let server = try RedisServer()
    let (one, _) = try await instance(of: server)
    let (other, _) = try await instance(of: server, prefix: "q:")
    one.keep(body, for: "a", under: try word(await one.look(for: "a")))
    _ = try word(await other.look(for: "a"))
    other.invalidate()
    _ = try word(await other.look(for: "a"))
    #expect(isFound(await one.look(for: "a")))
  }

  @Test("a body serves no longer than its own lifetime, nor than that of who asks")
  func lifetime() async throws {
    let server = try RedisServer()
    let (long, client) = try await instance(of: server)
    long.keep(body, for: "a", under: try word(await long.look(for: "a")))
    #expect(isFound(await long.look(for: "a")))
    // 100 s later, by Redis' clock.
    let keys = try await client.perform([RedisCommand("KEYS", [UInt8]("p:body:*".utf8))])
    guard case .list(let names) = keys[0], case .bytes(let name)? = names.first else { return #expect(Bool(false)) }
    _ = try await client.perform([RedisCommand("PEXPIRE", name, [UInt8]("200000".utf8))])
    guard case .found(_, let age) = await long.look(for: "a") else { return #expect(Bool(false)) }
    #expect(age > 99 && age < 160)
    let (short, _) = try await instance(of: server, lifetime: 60)
    _ = try word(await short.look(for: "a"))
    _ = try await client.perform([RedisCommand("PEXPIRE", name, [UInt8]("1".utf8))])
    for _ in 0..<10_000 { if case .missing = await long.look(for: "a") { return } }
    #expect(Bool(false), "it serves after its time")
  }

  @Test("a change that Redis could not be told is told before anything else once it is back")
  func owed() async throws {
    let server = try RedisServer()
    let (one, client) = try await instance(of: server, timeout: .milliseconds(250))
    one.keep(body, for: "a", under: try word(await one.look(for: "a")))
    #expect(isFound(await one.look(for: "a")))
    let (two, _) = try await instance(of: server)
    // It is given up as long as it is frozen; what it holds stays.
    try server.signal("STOP")
    #expect(
      await Waiting.until {
        client.submit([RedisCommand("PING")]) { _ in }; return !client.isConnected
      })
    one.invalidate()
    guard case .away = await one.look(for: "a") else { return #expect(Bool(false)) }
    try server.signal("CONT")
    #expect(await Waiting.until { client.isConnected })
    _ = try word(await one.look(for: "a"))
    for _ in 0..<10_000 { if case .missing = await two.look(for: "a") { break } }
    _ = try word(await two.look(for: "a"))
  }

  @Test(
    "what others put there is not served",
    arguments: ["", "x", "0123456789abcdef", "0123456789abcdef 300\n", "0123456789abcdef 300000\nold", "{\"count\":1}"])
  func strangers(value: String) async throws {
    let server = try RedisServer()
    let (one, client) = try await instance(of: server)
    one.keep(body, for: "a", under: try word(await one.look(for: "a")))
    _ = await one.look(for: "a")
    let keys = try await client.perform([RedisCommand("KEYS", [UInt8]("p:body:*".utf8))])
    guard case .list(let names) = keys[0], case .bytes(let name)? = names.first else { return #expect(Bool(false)) }
    let put = RedisCommand("SET", name, [UInt8](value.utf8), [UInt8]("EX".utf8), [UInt8]("100".utf8))
    _ = try await client.perform([put])
    _ = try word(await one.look(for: "a"))
    // Another kind of value altogether.
    _ = try await client.perform([RedisCommand("DEL", name), RedisCommand("LPUSH", name, body)])
    _ = try word(await one.look(for: "a"))
  }

  @Test("a body's form is read back, and none else")
  func form() throws {
    let kept = KeptBody(word: [UInt8]("0123456789abcdef".utf8), lifetime: 1.5, bytes: [10, 0, 255])
    #expect(KeptBody(kept.encoded) == kept)
    for length in 0..<kept.encoded.count - 3 { #expect(KeptBody(Array(kept.encoded.prefix(length))) == nil) }
    #expect(KeptBody(Array("0123456789abcdef -5\nx".utf8)) == nil)
    #expect(KeptBody(Array("0123456789abcdef 5.5\nx".utf8)) == nil)
  }
}

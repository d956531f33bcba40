import Foundation
import Redis
import TestSupport
import Testing

/// Two instances of the service on one PostgreSQL and one Redis, as a host would run them.
@Suite(
  .postgresIsInstalled, .enabled(if: RedisServer.program != nil, "Redis is not installed: scripts/setup test"),
  .timeLimit(.minutes(3)))
struct SharedCacheEndToEndTests {
  private func metric(_ name: String, _ port: Int) async throws -> Int {
    let text = try await WireClient.send("GET", "/metrics", port: port).body
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
    return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? -1
  }

  private func names(_ port: Int) async throws -> [String] {
    let answer = try await WireClient.send("GET", "/schedules", port: port)
    #expect(answer.status == 200, "\(answer)")
    let rows = answer.object["data"] as? [[String: Any]] ?? []
    return rows.compactMap { $0["doctor_name"] as? String ?? $0["name"] as? String }
  }

  /// Looks again after a request to the service each.
  private func wait(for words: String, times: Int = 1, in service: BuiltExecutable, _ port: Int) async throws {
    for _ in 0..<5_000 where service.log.components(separatedBy: words).count <= times {
      _ = try await WireClient.send("GET", "/health", port: port)
    }
    #expect(service.log.components(separatedBy: words).count == times + 1, "\(words): \(service.log)")
  }

  @Test("two instances share what they make and what they change, and bear the death of Redis and of PostgreSQL")
  func two() async throws {
    let server = try await PostgresServer.make()
    let redis = try RedisServer()
    try await server.withDatabase { database in
      try await withTemporaryDirectory { directory in
        let gate = GatedSite()
        let site = try LoopbackServer { head in gate.answer(head) }
        defer { site.stop() }
        gate.address = site.url
        func start(_ name: String) async throws -> (BuiltExecutable, Int) {
          let service = try BuiltExecutable(
            ["app", "serve", "--source", site.url, "--ready-file", "\(directory)/\(name).json"], in: directory,
            environment: ["PORT": "0", "DATABASE_URL": database.url, "REDIS_URL": redis.url, "CACHE_TTL": "1h"])
          return (service, try await service.ready("\(directory)/\(name).json").port)
        }
        let (first, one) = try await start("one")
        let (second, two) = try await start("two")
        for (service, port) in [(first, one), (second, two)] {
          try await wait(for: "connected to Redis", in: service, port)
          try await wait(for: "changes are followed", in: service, port)
        }
        #expect(try await names(one) == ["Dr. A"])
        // An answer is kept behind whoever asked for it: the word, and then the body.
        let watcher = try RedisClient(try RedisConfiguration(url: redis.url))
        #expect(await Waiting.until { watcher.isConnected })
        var kept: [RedisValue] = []
        for _ in 0..<5_000 where kept != [.integer(2)] { kept = try await watcher.perform([RedisCommand("DBSIZE")]) }
        #expect(try await names(two) == ["Dr. A"])
        #expect(try await metric("shared_answers_total{result=\"hit\"}", two) == 1, "\(second.log)")
        let health = try await WireClient.send("GET", "/health/full", port: one).object
        #expect(health["cache"] as? String == "redis")

        gate.release(rows: "Dr. B")
        _ = try await WireClient.send("POST", "/ingest-scraped-data", port: one)
        #expect(try await names(one) == ["Dr. B"])
        var seen: [String] = []
        for _ in 0..<500 where seen != ["Dr. B"] { seen = try await names(two) }
        #expect(seen == ["Dr. B"])

        // While Redis is dead, and frozen, everything is answered, new questions too.
        try redis.kill()
        for path in ["/schedules", "/schedules?date=x1", "/v1/doctors"] {
          #expect(try await WireClient.send("GET", path, port: one).status == 200)
        }
        try await wait(for: "Redis is away", in: first, one)
        #expect(try await WireClient.send("GET", "/health/full", port: one).object["cache"] as? String == "memory")
        #expect(try await metric("redis_up", one) == 0)
        try redis.start()
        try await wait(for: "connected to Redis", times: 2, in: first, one)
        try redis.signal("STOP")
        let start = ContinuousClock.now
        #expect(try await WireClient.send("GET", "/schedules?date=x2", port: one).status == 200)
        #expect(start.duration(to: .now) < .seconds(3))
        try redis.signal("CONT")

        // While PostgreSQL is dead, what was asked before is answered, by either.
        _ = try await WireClient.send("GET", "/schedules", port: two)
        try await server.crash()
        for port in [one, two] {
          for _ in 0..<20 { #expect(try await names(port) == ["Dr. B"]) }
        }
        try await server.start()
        try await wait(for: "changes are followed", times: 2, in: second, two)
        gate.release(rows: "Dr. C")
        _ = try await WireClient.send("POST", "/ingest-scraped-data", port: two)
        seen = []
        for _ in 0..<500 where seen != ["Dr. C"] { seen = try await names(one) }
        #expect(seen == ["Dr. C"])
        for service in [first, second] {
          service.signal(SIGTERM)
          #expect(await service.exitStatus() == 0, "\(service.log)")
        }
      }
    }
  }
}

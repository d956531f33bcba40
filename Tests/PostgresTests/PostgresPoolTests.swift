import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(3)))
struct PostgresPoolTests {
  private func withPool<Result>(
    _ options: String = "", _ body: (PostgresPool) async throws -> Result
  ) async throws -> Result {
    let database = try #require(PostgresDatabase.current)
    let pool = PostgresPool(try database.configuration(options))
    do {
      let result = try await body(pool)
      await pool.close()
      return result
    } catch {
      await pool.close()
      throw error
    }
  }

  @Test("values come back as they went, whatever they hold")
  func values() async throws {
    let texts = [
      "", "Dr. Ö'Neill; DROP TABLE x --", #"\"{},NULL\n"#, "a\tb\nc\\N", "🩺", String(repeating: "x", count: 100_000),
    ]
    try await withPool { pool in
      let echoed = try await pool.read { connection in
        try texts.map { text in
          let rows = try connection.query(
            "SELECT $1::text, $2::float8, $3::bigint, $4::text", [text, "\(0.1 + 0.2)", "\(Int64.max)", nil])
          #expect(rows.real(0, 1) == 0.1 + 0.2)
          let largest = try rows.integer(0, 2)
          #expect(largest == .max)
          #expect(rows.text(0, 3) == nil)
          return rows.text(0, 0)
        }
      }
      #expect(echoed == texts)
    }
  }

  @Test("what a piece of work holds is let go once it has ended")
  func releases() async throws {
    final class Held: Sendable {}
    final class Watch: Sendable {
      private let held: Mutex<@Sendable () -> Held?>
      init(_ value: Held) { held = Mutex { [weak value] in value } }
      var isGone: Bool { held.withLock { $0() == nil } }
    }
    try await withPool { pool in
      func use() async throws -> Watch {
        let value = Held()
        let read = try await pool.read { connection in
          try withExtendedLifetime(value) { try connection.query("SELECT 1").integer(0, 0) }
        }
        #expect(read == 1)
        return Watch(value)
      }
      let watch = try await use()
      // The pool's thread lets go of the work just after its caller goes on.
      #expect(await Waiting.until(upTo: 10) { watch.isGone })
    }
  }

  @Test("COPY takes what would be its own marks")
  func copy() async throws {
    try await withPool { pool in
      let rows: [[String?]] = [["1", "a\tb\nc\\N"], ["2", nil], ["3", "\\N"], ["4", "\r"]]
      let read = try await pool.repeatableWrite { connection in
        try connection.run("CREATE TABLE t (id bigint, v text)")
        try connection.copy("COPY t (id, v) FROM STDIN", rows: rows)
        let read = try connection.query("SELECT v FROM t ORDER BY id")
        return (0..<read.count).map { read.text($0, 0) }
      }
      #expect(read == rows.map { $0[1] })
      let error = await #expect(throws: PostgresError.self) {
        try await pool.repeatableWrite { try $0.copy("COPY t (id, v) FROM STDIN", rows: [["x", "y"]]) }
      }
      #expect(error?.sqlState == "22P02")
      #expect(try await pool.number("SELECT count(*) FROM t") == 4)
    }
  }

  @Test("a statement that is run for many lists of values answers in order, in one transaction")
  func each() async throws {
    let numbers = 0..<1_203
    try await withPool("pool_max=1") { pool in
      let session = try await pool.number("SELECT pg_backend_pid()")
      let squares = try await pool.repeatableWrite { connection in
        try connection.run("CREATE TABLE t (n bigint PRIMARY KEY, v text)")
        var changed = 0
        try connection.query(
          "INSERT INTO t VALUES ($1, $2)", each: numbers.map { ["\($0)", $0 % 3 == 0 ? nil : "\t\\\($0)"] }
        ) { changed += $0.affected }
        #expect(changed == numbers.count)
        var squares: [Int64] = []
        try connection.query("SELECT n * n FROM t WHERE n = $1", each: numbers.map { ["\($0)"] }) { rows in
          squares.append(try rows.integer(0, 0))
        }
        try connection.query("SELECT 1", each: []) { _ in Issue.record("nothing was asked") }
        return squares
      }
      #expect(squares == numbers.map { Int64($0 * $0) })
      // The 700th fails: what was before it goes too, and the connection goes on.
      let lists = numbers.map { ["\(10_000 + ($0 == 700 ? 0 : $0))"] }
      let error = await #expect(throws: PostgresError.self) {
        try await pool.repeatableWrite { connection in
          try connection.query("INSERT INTO t VALUES ($1)", each: lists) { _ in }
        }
      }
      #expect(error?.sqlState == "23505")
      await #expect(throws: CancellationError.self) {
        try await pool.read { connection in
          try connection.query("SELECT $1::bigint", each: lists) { _ in throw CancellationError() }
        }
      }
      let nul = await #expect(throws: PostgresError.self) {
        try await pool.read { try $0.query("SELECT $1::text", each: [["a"], ["a\0b"]]) { _ in } }
      }
      #expect(nul?.sqlState == "22021")
      #expect(try await pool.number("SELECT count(*) FROM t") == 1_203)
      #expect(try await pool.number("SELECT pg_backend_pid()") == session)
    }
  }

  @Test("a NUL in a text is refused, not cut off")
  func nul() async throws {
    try await withPool { pool in
      let error = await #expect(throws: PostgresError.self) {
        try await pool.read { _ = try $0.query("SELECT $1::text", ["a\0b"]) }
      }
      #expect(error?.sqlState == "22021")
    }
  }

  @Test("a statement that takes too long is ended by the server and says so; the connection lives on")
  func statementTimeout() async throws {
    try await withPool("statement_timeout=100ms&pool_max=1") { pool in
      let error = await #expect(throws: PostgresError.self) {
        try await pool.read { _ = try $0.query("SELECT pg_sleep(30)") }
      }
      #expect(error?.sqlState == "57014")
      #expect(error?.description.contains("statement_timeout in DATABASE_URL") == true)
      let answer = try await pool.number("SELECT 1")
      #expect(answer == 1)
    }
  }

  @Test(
    "a refusal at the door carries its SQLSTATE and what to do",
    arguments: [
      ("nowhere", "3D000", "create the database"), ("postgres?options=-c%20nonsense%3D1", "42704", "nonsense"),
    ])
  func refused(name: String, state: String, mention: String) async throws {
    let server = try #require(PostgresDatabase.current).server
    let pool = PostgresPool(try PostgresConfiguration(url: server.url(database: "") + name))
    let error = await #expect(throws: PostgresError.self) { try await pool.read { _ = try $0.query("SELECT 1") } }
    #expect(error?.code == .connect)
    #expect(error?.sqlState == state)
    #expect(error?.description.contains(mention) == true, "\(String(describing: error))")
    await pool.close()
  }

  @Test("sslmode is honoured: a server without TLS is not spoken to in the clear")
  func withoutTLS() async throws {
    let start = ContinuousClock.now
    try await withPool("sslmode=require") { pool in
      let error = await #expect(throws: PostgresError.self) { try await pool.read { _ = try $0.query("SELECT 1") } }
      #expect(error?.code == .tls)
      #expect(error?.description.contains("does not support SSL") == true, "\(String(describing: error))")
      // Trying again would not help.
      #expect(ContinuousClock.now - start < .seconds(9))
    }
  }

  @Test(
    "sslmode is honoured: verify-full believes the authority that is named, for the host that is named, and no other")
  func verified() async throws {
    let server = try await PostgresServer.make(tls: true)
    func isEncrypted(_ host: String, _ options: String) async throws -> Bool {
      let url = "postgres://pg@\(host):\(server.port)/postgres?\(options)"
      let pool = PostgresPool(try PostgresConfiguration(url: url))
      let result: Result<Bool, any Error>
      do {
        result = .success(
          try await pool.read {
            try $0.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").text(0, 0) == "t"
          })
      } catch {
        result = .failure(error)
      }
      await pool.close()
      return try result.get()
    }
    #expect(try await isEncrypted("127.0.0.1", "sslmode=require"))
    #expect(try await !isEncrypted("127.0.0.1", "sslmode=disable"))
    #expect(try await isEncrypted("127.0.0.1", "sslmode=verify-full&sslrootcert=\(server.certificate)"))
    for (host, options, mention) in [
      ("localhost", "sslmode=verify-full&sslrootcert=\(server.certificate)", "does not match host name"),
      ("127.0.0.1", "sslmode=verify-full", "certificate verify failed"),
    ] {
      let error = await #expect(throws: PostgresError.self) { try await isEncrypted(host, options) }
      #expect(error?.code == .tls)
      #expect(error?.description.contains(mention) == true, "\(String(describing: error))")
    }
  }

  @Test("a server that freezes is given up in time, and used again once it goes on")
  func frozen() async throws {
    let server = try await PostgresServer.make()
    let pool = PostgresPool(
      try PostgresConfiguration(
        url: server.url(database: "postgres", options: "statement_timeout=100ms&connect_timeout=1")))
    #expect(try await pool.number("SELECT 1") == 1)
    try await server.signal("STOP")
    let start = ContinuousClock.now
    let error = await #expect(throws: PostgresError.self) {
      try await pool.read(patience: .milliseconds(500)) { _ = try $0.query("SELECT 1") }
    }
    #expect(error?.code == .timeout)
    #expect(ContinuousClock.now - start < .seconds(20))
    try await server.signal("CONT")
    #expect(try await pool.number("SELECT 2") == 2)
    await pool.close()
  }

  @Test("a port where nobody listens, and a host that never answers, end in time")
  func unreachable() async throws {
    let silent = try LoopbackServer { _ in LoopbackServer.Answer(bytes: [], hangs: true) }
    defer { silent.stop() }
    for (port, mention) in [(9, "refused"), (Int(silent.port), "did not answer within 1 s")] {
      let pool = PostgresPool(
        try PostgresConfiguration(url: "postgres://u:secret@127.0.0.1:\(port)/d?connect_timeout=1"))
      let start = ContinuousClock.now
      let error = await #expect(throws: PostgresError.self) {
        try await pool.read(patience: .milliseconds(500)) { _ = try $0.query("SELECT 1") }
      }
      #expect(ContinuousClock.now - start < .seconds(8))
      #expect(error?.code == .connect)
      #expect(error?.description.contains(mention) == true, "\(String(describing: error))")
      #expect(error?.description.contains("secret") == false)
      await pool.close()
    }
  }

  @Test("no more connections than pool_max; the rest waits its turn")
  func bounded() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withPool("pool_max=3") { pool in
      let seen = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<30 {
          group.addTask {
            try await pool.read { connection in
              _ = try connection.query("SELECT pg_sleep(0.005)")
              return Int(
                try connection.query("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", [database.name])
                  .integer(0, 0))
            }
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(seen.count == 30)
      #expect(seen.max() == 3)
    }
  }

  @Test("a waiting caller that is cancelled leaves at once")
  func cancelled() async throws {
    try await withPool("pool_max=1") { pool in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let gate = DispatchSemaphore(value: 0)
        let (started, startedSignal) = AsyncStream<Void>.makeStream()
        group.addTask {
          try await pool.read { _ in
            startedSignal.finish()
            gate.wait()
          }
        }
        for await _ in started {}
        let waiting = Task { try await pool.read { _ = try $0.query("SELECT 1") } }
        waiting.cancel()
        let error = await #expect(throws: PostgresError.self) { try await waiting.value }
        #expect(error?.code == .closed)
        gate.signal()
        try await group.waitForAll()
      }
    }
  }

  @Test("a connection that the server ended while idle is replaced without anybody noticing")
  func staleConnection() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withPool("pool_max=1") { pool in
      _ = try await pool.read { try $0.query("SELECT 1").count }
      let other = PostgresPool(try database.configuration())
      try await other.read { connection in
        _ = try connection.query(
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
          [database.name])
      }
      await other.close()
      #expect(try await pool.number("SELECT 1") == 1)
    }
  }

  @Test("after close, work is refused")
  func closed() async throws {
    let database = try #require(PostgresDatabase.current)
    let pool = PostgresPool(try database.configuration())
    _ = try await pool.read { try $0.query("SELECT 1").count }
    await pool.close()
    let error = await #expect(throws: PostgresError.self) { try await pool.read { _ = try $0.query("SELECT 1") } }
    #expect(error?.code == .closed)
  }
}

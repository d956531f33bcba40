import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// A transaction whose connection is lost at any point is applied exactly once.
@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(3)))
struct PostgresReceiptTests {
  private static func prepare(_ pool: PostgresPool) async throws {
    try await pool.repeatableWrite { connection in
      try connection.run(PostgresReceipts.schema)
      try connection.run("CREATE TABLE ledger (entry text NOT NULL)")
    }
  }

  private static func entries(_ pool: PostgresPool) async throws -> Int64 {
    try await pool.number("SELECT count(*) FROM ledger")
  }

  @Test(
    "a connection that is cut at a word is no lost and no second entry",
    arguments: ["BEGIN", "INSERT INTO commit_receipts", "INSERT INTO ledger", "COMMIT\0"], CuttingProxy.Cut.allCases)
  func cut(word: String, cut: CuttingProxy.Cut) async throws {
    let database = try #require(PostgresDatabase.current)
    let direct = PostgresPool(try database.configuration())
    try await Self.prepare(direct)
    let proxy = try CuttingProxy(to: database.server.port, at: word, cut, cuts: 2)
    defer { proxy.stop() }
    let pool = PostgresPool(
      try PostgresConfiguration(
        url: "postgres://pg@127.0.0.1:\(proxy.port)/\(database.name)?sslmode=disable&gssencmode=disable"))
    let runs = Mutex(0)
    let value = try await pool.write { connection in
      let run = runs.withLock {
        $0 += 1
        return $0
      }
      _ = try connection.query("INSERT INTO ledger VALUES ($1)", ["entry of run \(run)"])
      return run
    }
    let written = try await direct.read { connection in
      let rows = try connection.query("SELECT entry FROM ledger")
      return (0..<rows.count).map { rows.text($0, 0) }
    }
    // What the caller was told is what was committed.
    #expect(written == ["entry of run \(value)"])
    #expect(proxy.cutsLeft == (word == "COMMIT\0" && cut == .after ? 1 : 0))
    await pool.close()
    await direct.close()
  }

  @Test("a second try waits for the lost transaction's end before it decides")
  func stillRunning() async throws {
    let database = try #require(PostgresDatabase.current)
    let pool = PostgresPool(try database.configuration())
    try await Self.prepare(pool)
    let token = "8d7b1a52-31ab-4f7e-9a51-0d2f5a6f7f10"
    // The lost transaction: its token is written, it is not committed yet.
    let lost = try PostgresConnection(database.configuration())
    try lost.run("BEGIN")
    _ = try lost.query("INSERT INTO commit_receipts (token) VALUES ($1::uuid)", [token])
    async let second = pool.read { connection in
      try connection.query(
        "INSERT INTO commit_receipts (token) VALUES ($1::uuid) ON CONFLICT DO NOTHING", [token]
      ).affected
    }
    // It waits: the server says so.
    while try await pool.read({
      try $0.query("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'").integer(0, 0)
    }) == 0 {}
    try lost.commit()
    #expect(try await second == 0)
    await pool.close()
  }

  @Test("work that fails is rolled back with its receipt and not tried again")
  func failure() async throws {
    let database = try #require(PostgresDatabase.current)
    let pool = PostgresPool(try database.configuration())
    try await Self.prepare(pool)
    let runs = Mutex(0)
    let error = await #expect(throws: PostgresError.self) {
      try await pool.write { connection in
        runs.withLock { $0 += 1 }
        _ = try connection.query("INSERT INTO ledger VALUES ('x')")
        _ = try connection.query("INSERT INTO ledger VALUES (NULL)")
      }
    }
    #expect(error?.sqlState == "23502")
    #expect(runs.withLock { $0 } == 1)
    #expect(try await Self.entries(pool) == 0)
    #expect(try await pool.number("SELECT count(*) FROM commit_receipts") == 0)
    await pool.close()
  }

  @Test("an error that the work swallowed can't be committed")
  func swallowed() async throws {
    let database = try #require(PostgresDatabase.current)
    let pool = PostgresPool(try database.configuration())
    try await Self.prepare(pool)
    let error = await #expect(throws: PostgresError.self) {
      try await pool.write { connection in
        _ = try connection.query("INSERT INTO ledger VALUES ('x')")
        _ = try? connection.query("SELECT 1 / 0").count
      }
    }
    #expect(error?.sqlState == "25P02")
    #expect(try await Self.entries(pool) == 0)
    await pool.close()
  }

  @Test("two transactions that deadlock are both applied, once")
  func deadlock() async throws {
    let database = try #require(PostgresDatabase.current)
    let pool = PostgresPool(try database.configuration())
    try await Self.prepare(pool)
    try await pool.repeatableWrite { connection in
      try connection.run("CREATE TABLE two (id int PRIMARY KEY, n int); INSERT INTO two VALUES (1, 0), (2, 0)")
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for round in 0..<12 {
        group.addTask {
          let order: [Int64] = round % 2 == 0 ? [1, 2] : [2, 1]
          try await pool.write { connection in
            for id in order {
              _ = try connection.query("UPDATE two SET n = n + 1 WHERE id = $1", ["\(id)"])
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await pool.number("SELECT sum(n) FROM two") == 24)
    await pool.close()
  }

  @Test("a server that is killed and restarted under writes loses nothing and doubles nothing")
  func crashes() async throws {
    let server = try await PostgresServer.make()
    try await server.withDatabase { database in
      let pool = PostgresPool(try database.configuration())
      try await Self.prepare(pool)
      let done = Flag()
      let acknowledged = try await withThrowingTaskGroup(of: [String].self) { group in
        for writer in 0..<4 {
          group.addTask {
            var entries: [String] = []
            while !done.isSet {
              let entry = "\(writer)-\(entries.count)"
              try await pool.write(patience: .seconds(60)) { connection in
                _ = try connection.query("INSERT INTO ledger VALUES ($1)", [entry])
              }
              entries.append(entry)
            }
            return entries
          }
        }
        for _ in 0..<4 {
          let before = try await Self.entries(pool)
          while try await Self.entries(pool) < before + 40 {}
          try await server.crash()
          try await server.start()
        }
        done.set()
        return try await group.reduce(into: [String]()) { $0 += $1 }
      }
      let held = try await pool.read { connection in
        let rows = try connection.query("SELECT entry FROM ledger")
        return (0..<rows.count).compactMap { rows.text($0, 0) }
      }
      #expect(acknowledged.count > 160)
      #expect(held.sorted() == acknowledged.sorted())
      await pool.close()
    }
  }
}

private final class Flag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

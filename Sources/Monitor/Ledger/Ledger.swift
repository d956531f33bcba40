import Evidence
import Foundation
import GRDB
package import MonitorSleep
import Timers
package import Visits

/// What the monitor has seen, in one SQLite file: WAL, one writer, rows bounded by service.
package struct Ledger: Sendable {
  /// Rows kept of each service and kind, the newest; what is older goes when `prune` is called.
  package struct Bounds: Sendable {
    package var heartbeats = 20_000
    package var samples = 100_000
    package var requests = 1_000_000
    package var transitions = 100_000
    package var boots = 50_000

    package init() {}
  }

  let pool: DatabasePool
  private let bounds: Bounds

  /// Opens or makes the file, its folder too, on a thread of its own: a file that is large or locked takes its time.
  /// - Throws: `LedgerError`.
  package static func open(_ path: String) async throws(LedgerError) -> Ledger {
    try await OwnThread.run { () throws(LedgerError) in try Ledger(path: path) }
  }

  /// Opens a ledger for reading alone, likewise.
  /// - Throws: `LedgerError`.
  package static func open(reading path: String) async throws(LedgerError) -> Ledger {
    try await OwnThread.run { () throws(LedgerError) in try Ledger(reading: path) }
  }

  /// Opens or makes the file, its folder too. Blocks.
  /// - Throws: `LedgerError`.
  package init(path: String, bounds: Bounds = Bounds()) throws(LedgerError) {
    self.bounds = bounds
    pool = try Self.explaining(path, remedy: ": move it away; a new one will be made") {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let pool = try DatabasePool(path: path, configuration: Self.configuration)
      try Self.requireSound(pool, path, remedy: ": move it away; a new one will be made")
      try LedgerMigrations.migrator.migrate(pool)
      return pool
    }
  }

  /// Opens a ledger for reading alone: it makes nothing and migrates nothing. Blocks.
  /// - Throws: `LedgerError`; code `.corrupt` for a file that is no ledger, such as an empty one.
  package init(reading path: String) throws(LedgerError) {
    bounds = Bounds()
    pool = try Self.explaining(path, remedy: ": no ledger of `outgrown monitor run`") {
      var configuration = Self.configuration
      configuration.readonly = true
      let pool = try DatabasePool(path: path, configuration: configuration)
      try Self.requireSound(pool, path, remedy: "")
      guard try pool.read(LedgerMigrations.migrator.hasCompletedMigrations) else {
        throw LedgerError(
          .corrupt,
          "\(path) is no ledger of `outgrown monitor run`, or an older version's, which `run` brings up to date")
      }
      return pool
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "ledger"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    return configuration
  }

  private static func requireSound(_ pool: DatabasePool, _ path: String, remedy: String) throws {
    let check = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard check == "ok" else {
      throw LedgerError(.corrupt, "the ledger \(path) is damaged (\(check ?? "?"))\(remedy)")
    }
    guard try !pool.read(LedgerMigrations.migrator.hasBeenSuperseded) else {
      throw LedgerError(.tooNew, "the ledger \(path) was made by a newer version: read it with that one")
    }
  }

  private static func explaining(
    _ path: String, remedy: String, open: () throws -> DatabasePool
  ) throws(LedgerError) -> DatabasePool {
    do {
      return try open()
    } catch let error as LedgerError {
      throw error
    } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
      throw LedgerError(.corrupt, "\(path) is no database, or damaged\(remedy)")
    } catch {
      throw LedgerError(.cannotOpen, "the ledger \(path) can't be opened: \(error)")
    }
  }

  package func close() throws { try pool.close() }

  /// Where the inference stood, and when the monitor last wrote; nil for a service that is new.
  package func resume(_ service: String) async throws -> (inference: SleepInference, lastSeen: Double)? {
    try await pool.read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT inference, last_seen FROM services WHERE name = ?", arguments: [service])
      else { return nil }
      let text: String = row[0]
      // What another version wrote is begun anew rather than misread.
      guard let inference = try? JSONDecoder().decode(SleepInference.self, from: Data(text.utf8)) else { return nil }
      return (inference, row[1])
    }
  }

  /// One observation with all that followed from it.
  package struct Entry: Sendable {
    package var service: String
    package var url: String?
    package var timeScale: Double
    package var at: Double
    package var inference: SleepInference
    package var changes: [StateChange]
    package var heartbeat: Heartbeat?
    package var sample: WatchHistory.Sample?
    package var requests: [WatchHistory.LoggedRequest]

    package init(
      service: String, url: String?, timeScale: Double, at: Double, inference: SleepInference,
      changes: [StateChange] = [], heartbeat: Heartbeat? = nil, sample: WatchHistory.Sample? = nil,
      requests: [WatchHistory.LoggedRequest] = []
    ) {
      self.service = service
      self.url = url
      self.timeScale = timeScale
      self.at = at
      self.inference = inference
      self.changes = changes
      self.heartbeat = heartbeat
      self.sample = sample
      self.requests = requests
    }
  }

  /// Writes an entry whole or not at all.
  package func record(_ entry: Entry) async throws {
    let inference = String(decoding: try JSONEncoder().encode(entry.inference), as: UTF8.self)
    try await pool.write { database in
      try database.execute(
        sql: """
          INSERT INTO services (name, url, time_scale, inference, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET url = excluded.url, time_scale = excluded.time_scale,
            inference = excluded.inference, last_seen = max(last_seen, excluded.last_seen)
          """,
        arguments: [entry.service, entry.url, entry.timeScale, inference, entry.at, entry.at])
      for change in entry.changes {
        try database.execute(
          sql: """
            INSERT INTO transitions (service, at, seen_at, from_state, to_state, cause) VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            entry.service, change.at, change.seenAt, change.from.rawValue, change.to.rawValue, change.cause,
          ])
      }
      if let sample = entry.sample {
        try database.execute(
          sql: "INSERT INTO samples (service, at, sign, status, total_s, clock_start) VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            entry.service, sample.at, sample.sign.rawValue, sample.status, sample.totalSeconds, sample.clockStart,
          ])
      }
      for request in entry.requests {
        try database.execute(
          sql: "INSERT INTO requests (service, at, is_visit) VALUES (?, ?, ?)",
          arguments: [entry.service, request.at, request.isVisit])
      }
      if let heartbeat = entry.heartbeat { try Self.write(heartbeat, of: entry, in: database) }
    }
  }

  private static func write(_ heartbeat: Heartbeat, of entry: Entry, in database: Database) throws {
    // The service's clock may differ from ours.
    let offset = heartbeat.sentAt.map { entry.at - $0.seconds } ?? 0
    let local = { (instant: UTCInstant?) in instant.map { min(entry.at, $0.seconds + offset) } }
    try database.execute(
      sql: """
        INSERT INTO heartbeats (service, at, boot_id, sequence, state, last_inbound_at, inbound, visits)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        entry.service, entry.at, heartbeat.bootID, heartbeat.sequence, heartbeat.state.rawValue,
        local(heartbeat.lastInboundAt), heartbeat.inboundTotal, heartbeat.visits,
      ])
    let before = try Row.fetchOne(
      database, sql: "SELECT visits, early_visits, is_wake FROM boots WHERE service = ? AND boot_id = ?",
      arguments: [entry.service, heartbeat.bootID])
    let isWake = before?[2] ?? false || entry.changes.contains { $0.from == .asleep && $0.to == .waking }
    let visits = max(before?[0] ?? 0, heartbeat.visits ?? 0)
    let early = max(before?[1] ?? 0, heartbeat.earlyVisits ?? 0)
    try database.execute(
      sql: """
        INSERT INTO boots (service, boot_id, started_at, ready_at, first_seen, last_seen, is_wake, visits,
          early_visits, inbound, first_client, first_path, memory_peak)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (service, boot_id) DO UPDATE SET ready_at = coalesce(ready_at, excluded.ready_at),
          last_seen = excluded.last_seen, is_wake = excluded.is_wake, visits = excluded.visits,
          early_visits = excluded.early_visits, inbound = max(inbound, excluded.inbound),
          first_client = coalesce(first_client, excluded.first_client),
          first_path = coalesce(first_path, excluded.first_path),
          memory_peak = coalesce(max(memory_peak, excluded.memory_peak), memory_peak, excluded.memory_peak)
        """,
      arguments: [
        entry.service, heartbeat.bootID, local(heartbeat.startedAt) ?? entry.at, local(heartbeat.readyAt), entry.at,
        entry.at, isWake, visits, early, heartbeat.inboundTotal ?? 0, heartbeat.firstRequest?.client,
        heartbeat.firstRequest.map { String($0.path.prefix(200)) }, heartbeat.memory?.peak,
      ])
    let newVisits = visits - (before?[0] ?? 0)
    // A visit that came while the service was starting is affected where the start was a wake.
    let wasWake: Bool = before?[2] ?? false
    let counted: Int = wasWake ? before?[1] ?? 0 : 0
    let newAffected = isWake ? early - counted : 0
    guard newVisits > 0 || newAffected > 0 else { return }
    let day = Int((entry.at / (86_400 / entry.timeScale)).rounded(.down))
    try database.execute(
      sql: """
        INSERT INTO visit_days (service, day, visits, affected) VALUES (?, ?, ?, ?)
        ON CONFLICT (service, day) DO UPDATE SET visits = visits + excluded.visits,
          affected = affected + excluded.affected
        """,
      arguments: [entry.service, day, newVisits, newAffected])
  }

  /// Deletes what is beyond the bounds, oldest first.
  package func prune() async throws {
    let limits = [
      ("heartbeats", "at", bounds.heartbeats), ("samples", "at", bounds.samples), ("requests", "at", bounds.requests),
      ("transitions", "at", bounds.transitions), ("boots", "started_at", bounds.boots),
    ]
    try await pool.write { database in
      for service in try String.fetchAll(database, sql: "SELECT name FROM services") {
        for (table, column, limit) in limits {
          try database.execute(
            sql: """
              DELETE FROM \(table) WHERE service = ? AND \(column) <
                (SELECT \(column) FROM \(table) WHERE service = ? ORDER BY \(column) DESC LIMIT 1 OFFSET ?)
              """,
            arguments: [service, service, max(0, limit - 1)])
        }
      }
    }
  }
}

import Evidence
import Foundation
import GRDB
package import MonitorSleep

extension Ledger {
  /// The services that were watched, by name.
  package func services() async throws -> [String] {
    try await pool.read { try String.fetchAll($0, sql: "SELECT name FROM services ORDER BY name") }
  }

  /// What is known of a service from `from` (nil: its beginning) to `to` (nil: when the monitor last wrote).
  /// - Throws: `LedgerError` code `.noSuchService`.
  package func history(of service: String, from: Double? = nil, to: Double? = nil) async throws -> WatchHistory {
    try await pool.read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT url, time_scale, inference, first_seen, last_seen FROM services WHERE name = ?",
          arguments: [service])
      else { throw LedgerError(.noSuchService, "the ledger knows no service “\(service.prefix(80))”") }
      let inferenceText: String = row[2]
      let inference = try JSONDecoder().decode(SleepInference.self, from: Data(inferenceText.utf8))
      let firstSeen: Double = row[3]
      let lastSeen: Double = row[4]
      let start = max(firstSeen, from ?? firstSeen)
      let end = max(start, min(lastSeen, to ?? lastSeen))
      let span: StatementArguments = [service, start, end]
      var history = WatchHistory(
        service: service, url: row[0], sensor: inference.sensor, rules: inference.rules, timeScale: row[1],
        from: start, to: end)
      let changes = try Self.changes(service, in: database)
      history.stateBefore = changes.last { $0.at < start }?.to ?? changes.first?.from ?? inference.state
      history.changes = changes.filter { (start...end).contains($0.at) }
      history.boots = try Row.fetchAll(
        database,
        sql: """
          SELECT boot_id, started_at, ready_at, last_seen, is_wake, visits, early_visits, inbound, first_client,
            first_path
          FROM boots WHERE service = ? AND started_at BETWEEN ? AND ? ORDER BY started_at
          """,
        arguments: span
      ).map {
        WatchHistory.BootRecord(
          id: $0[0], startedAt: $0[1], readyAt: $0[2], lastSeenAt: $0[3], isWake: $0[4], visits: $0[5],
          earlyVisits: $0[6], inbound: $0[7], firstClient: $0[8], firstPath: $0[9])
      }
      history.samples = try Row.fetchAll(
        database,
        sql: """
          SELECT at, sign, status, total_s, clock_start FROM samples WHERE service = ? AND at BETWEEN ? AND ?
          ORDER BY at
          """,
        arguments: span
      ).compactMap { row in
        ProbeSign(rawValue: row[1]).map {
          WatchHistory.Sample(at: row[0], sign: $0, status: row[2], totalSeconds: row[3], clockStart: row[4])
        }
      }
      history.requests = try Row.fetchAll(
        database, sql: "SELECT at, is_visit FROM requests WHERE service = ? AND at BETWEEN ? AND ? ORDER BY at",
        arguments: span
      ).map { WatchHistory.LoggedRequest(at: $0[0], isVisit: $0[1]) }
      // A run's peak is of all of it: it counts wherever a part of the run was heard of in the span.
      history.memoryPeakBytes = try Int.fetchOne(
        database,
        sql: "SELECT max(memory_peak) FROM boots WHERE service = ? AND last_seen >= ? AND first_seen <= ?",
        arguments: span)
      let day = 86_400 / history.timeScale
      history.days = try Row.fetchAll(
        database,
        sql: """
          SELECT day, visits, affected FROM visit_days WHERE service = ? AND day BETWEEN ? AND ? ORDER BY day
          """,
        arguments: [service, Int((start / day).rounded(.down)), Int((end / day).rounded(.down))]
      ).map { WatchHistory.VisitDay(day: $0[0], visits: $0[1], affected: $0[2]) }
      return history
    }
  }

  private static func changes(_ service: String, in database: Database) throws -> [StateChange] {
    try Row.fetchAll(
      database,
      sql: "SELECT at, seen_at, from_state, to_state, cause FROM transitions WHERE service = ? ORDER BY id",
      arguments: [service]
    ).compactMap { row in
      guard let from = MonitorReport.State(rawValue: row[2]), let to = MonitorReport.State(rawValue: row[3]) else {
        return nil
      }
      return StateChange(at: row[0], seenAt: row[1], from: from, to: to, cause: row[4])
    }
  }
}

package import AppDomain
package import Postgres

/// The schedule in a PostgreSQL database: one writer at a time (an advisory lock), readers beside it.
package struct PostgresScheduleStore: ServiceStore {
  /// The first bytes of SHA-256 of `outgrown schedule writer`, to be nobody else's.
  static let writerLock: Int64 = 0x40CB_6D6A_0C31_5ADE

  let pool: PostgresPool
  package let place: String
  package let appliedMigrations: [String]
  let configuration: PostgresConfiguration

  /// Connects and brings the schema up to date.
  /// - Parameter onRetry: told before failed work is tried again, on a thread of the pool.
  /// - Throws: `PostgresError`; `StoreError` code `.schemaTooNew`.
  package init(
    _ configuration: PostgresConfiguration,
    onRetry: @escaping @Sendable (PostgresRetry) -> Void = { _ in }
  ) async throws {
    self.configuration = configuration
    place = "postgres://\(configuration.place)"
    pool = PostgresPool(configuration, onRetry: onRetry)
    do {
      // Whether the server can be reached is known sooner than how long migrations take.
      try await pool.read(patience: .seconds(30)) { _ = try $0.query("SELECT 1") }
      appliedMigrations = try await PostgresMigrations.apply(on: pool, place: place)
    } catch {
      await pool.close()
      throw error
    }
  }

  package func replace(
    _ days: [ScheduleDay], at time: Double, under term: LeaderTerm?
  ) async throws -> ScheduleChange {
    let wanted = ScheduleDiff.rowsByDate(of: days)
    return try await pool.write { connection in
      _ = try connection.query("SELECT pg_advisory_xact_lock($1)", [.integer(Self.writerLock)])
      if let term { try Self.check(term, on: connection) }
      let stored = try Self.stored(wanted.map(\.date), on: connection)
      var batch = PostgresScheduleBatch(at: time)
      for (date, rows) in wanted {
        let old = stored[date] ?? []
        let diff = ScheduleDiff(from: old, to: rows)
        batch.add(diff, DutyEvents(diff, from: old), of: date)
      }
      try batch.write(on: connection)
      _ = try connection.query(PostgresStatements.scraped, [.real(time)])
      return batch.change
    }
  }

  package func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] {
    // No worksheet's name holds NUL, nor can one be asked for.
    if fragment?.utf8.contains(0) == true { return [] }
    return try await pool.read { connection in
      let rows =
        if let fragment, !fragment.isEmpty {
          try connection.query(PostgresStatements.dutiesByFragment, [.text(fragment)])
        } else {
          try connection.query(PostgresStatements.duties)
        }
      var duties: [StoredDuty] = []
      duties.reserveCapacity(rows.count)
      for row in 0..<rows.count {
        duties.append(
          StoredDuty(
            id: try rows.integer(row, 0), date: try rows.day(row, 1), sheet: try rows.required(row, 2),
            duty: try rows.duty(row, from: 3), createdAt: try rows.requiredReal(row, 9),
            updatedAt: try rows.requiredReal(row, 10)))
      }
      return duties
    }
  }

  package func rowCounts() async throws -> [CalendarDay: Int] {
    // As patient as the write that follows it: nobody waits for a page.
    try await pool.read(patience: .seconds(30)) { connection in
      let rows = try connection.query("SELECT date, count(*) FROM schedules GROUP BY date")
      var counts: [CalendarDay: Int] = [:]
      for row in 0..<rows.count { counts[try rows.day(row, 0)] = Int(try rows.integer(row, 1)) }
      return counts
    }
  }

  package func changes(after id: Int64, limit: Int) async throws -> [DutyChange] {
    try await pool.read { connection in
      let rows = try connection.query(PostgresStatements.changes, [.integer(id), .integer(Int64(limit))])
      var changes: [DutyChange] = []
      for row in 0..<rows.count {
        let duty = try rows.duty(row, from: 4)
        var previous: Duty?
        if let timing = rows.text(row, 10) {
          previous = Duty(
            category: duty.category, name: duty.name, timing: timing, room: rows.text(row, 11),
            speciality: rows.text(row, 12), shift: rows.text(row, 13))
        }
        changes.append(
          DutyChange(
            id: try rows.integer(row, 0), kind: DutyChange.Kind(rawValue: try rows.required(row, 1)) ?? .changed,
            dutyID: try rows.integer(row, 2), date: try rows.day(row, 3), duty: duty, previous: previous,
            at: try rows.requiredReal(row, 14)))
      }
      return changes
    }
  }

  package func scrapedAt() async throws -> Double? {
    try await pool.read { try $0.query("SELECT stored_at FROM scrapes").real(0, 0) }
  }

  package func ping() async throws {
    try await pool.read(patience: .seconds(3)) { _ = try $0.query("SELECT 1 FROM schedules LIMIT 1") }
  }

  package func close() async { await pool.close() }

  private static func stored(
    _ dates: [CalendarDay], on connection: PostgresConnection
  ) throws -> [CalendarDay: [ScheduleDiff.Stored]] {
    let rows = try connection.query(PostgresStatements.stored, [.array(dates.map(\.iso8601))])
    var stored: [CalendarDay: [ScheduleDiff.Stored]] = [:]
    for row in 0..<rows.count {
      let content = ScheduleDiff.Row(sheet: try rows.required(row, 3), duty: try rows.duty(row, from: 4))
      stored[try rows.day(row, 1), default: []].append(
        ScheduleDiff.Stored(id: try rows.integer(row, 0), position: Int(try rows.integer(row, 2)), row: content))
    }
    return stored
  }
}

extension PostgresRows {
  /// A duty from six columns that begin at `column`: category, name, timing, room, speciality, shift.
  func duty(_ row: Int, from column: Int) throws(PostgresError) -> Duty {
    Duty(
      category: Duty.Category(rawValue: try required(row, column)) ?? .regular, name: try required(row, column + 1),
      timing: try required(row, column + 2), room: text(row, column + 3), speciality: text(row, column + 4),
      shift: text(row, column + 5))
  }

  func day(_ row: Int, _ column: Int) throws(PostgresError) -> CalendarDay {
    guard let day = CalendarDay(iso8601: try required(row, column)) else {
      throw PostgresError(.answer, "row \(row), column \(column): a date was expected")
    }
    return day
  }
}

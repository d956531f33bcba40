package import AppDomain
package import Postgres

/// Everything that the service keeps, in one SQLite file or one PostgreSQL database. Both pass the same conformance tests.
package struct SQLScheduleStore: ScheduleStore, DutyChangeLog {
  /// The first bytes of SHA-256 of `outgrown schedule writer`, to be nobody else's.
  package static let writerLock: Int64 = 0x40CB_6D6A_0C31_5ADE

  package let engine: any SQLEngine
  /// Where it is, for messages: never with a user or a password.
  package let place: String
  /// What this one's announcements bear, to be told from those of others.
  let announcer = UInt64.random(in: 0 ... .max)
  /// Migrations that were applied when it was opened, the oldest first.
  package let appliedMigrations: [String]

  /// Opens or makes a SQLite file, its directory too, and brings the schema up to date.
  /// - Throws: `StoreError`.
  package init(path: String) async throws(StoreError) {
    do {
      let engine = try await SQLiteEngine.open(path: path)
      appliedMigrations = try await StoreMigrations.apply(on: engine, of: path)
      self.engine = engine
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.cannotOpen, "the database \(path) can't be opened: \(error)")
    }
    place = "sqlite:\(path)"
  }

  /// Connects to a PostgreSQL server and brings the schema up to date.
  /// - Parameter onRetry: told before failed work is tried again, on a thread of the pool.
  /// - Throws: `PostgresError`; `StoreError` code `.schemaTooNew`.
  package init(
    _ configuration: PostgresConfiguration,
    onRetry: @escaping @Sendable (PostgresRetry) -> Void = { _ in }
  ) async throws {
    let engine = PostgresEngine(configuration, onRetry: onRetry)
    place = "postgres://\(configuration.place)"
    do {
      appliedMigrations = try await StoreMigrations.apply(on: engine, of: place)
    } catch {
      await engine.close()
      throw error
    }
    self.engine = engine
  }

  /// Closes all connections; nothing can be read or written afterwards.
  package func close() async throws { try await engine.close() }

  /// Closes it after `body`, however that ends.
  package func closing<Result>(after body: (SQLScheduleStore) async throws -> Result) async throws -> Result {
    do {
      let result = try await body(self)
      try await close()
      return result
    } catch {
      try? await close()
      throw error
    }
  }

  package func replace(
    _ days: [ScheduleDay], at time: Double, under term: LeaderTerm?
  ) async throws -> ScheduleChange {
    let wanted = ScheduleDiff.rowsByDate(of: days)
    return try await engine.write { [announcer] session in
      try session.lock(Self.writerLock)
      if let term { try Self.check(term, in: session) }
      var stored: [CalendarDay: [ScheduleDiff.Stored]] = [:]
      try session.run(Self.stored, each: wanted.map { [.date($0.date)] }) { row in
        let content = ScheduleDiff.Row(sheet: try row[3], duty: try Self.duty(row, from: 4))
        stored[try row[1], default: []].append(
          ScheduleDiff.Stored(id: try row[0], position: try row[2], row: content))
      }
      var batch = ScheduleBatch(at: time)
      for (date, rows) in wanted {
        let old = stored[date] ?? []
        let diff = ScheduleDiff(from: old, to: rows)
        batch.add(diff, DutyEvents(diff, from: old), of: date)
      }
      try batch.write(in: session)
      try session.run(Self.scraped, [.real(time)])
      if !batch.change.isEmpty { try session.announce("\(announcer)", on: Self.changesChannel) }
      return batch.change
    }
  }

  package func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] {
    // No worksheet's name holds NUL, nor can one be asked for: SQLite would take it for the end of the text.
    if fragment?.utf8.contains(0) == true { return [] }
    return try await engine.read { session in
      if let fragment, !fragment.isEmpty {
        try session.rows(Self.dutiesByFragment, [.text(fragment)], Self.storedDuty)
      } else {
        try session.rows(Self.duties, [], Self.storedDuty)
      }
    }
  }

  package func rowCounts() async throws -> [CalendarDay: Int] {
    // As patient as the write that follows it: nobody waits for a page.
    try await engine.read(patience: .seconds(30)) { session in
      try session.counts("SELECT date, count(*) FROM schedules GROUP BY date") { try $0[0] }
    }
  }

  package func changes(after id: Int64, limit: Int) async throws -> [DutyChange] {
    try await changes(Self.changesByNumber, [.integer(id), .integer(limit)])
  }

  package func changes(since time: Double, limit: Int) async throws -> [DutyChange] {
    try await changes(Self.changesByTime, [.real(time), .integer(limit)])
  }

  private func changes(_ sql: SQLText, _ values: [SQLValue]) async throws -> [DutyChange] {
    try await engine.read { session in
      try session.rows(sql, values, Self.change)
    }
  }

  package func scrapedAt() async throws -> Double? {
    try await engine.read { try $0.first("SELECT stored_at FROM scrapes") }
  }

  package func ping() async throws {
    try await engine.read(patience: .seconds(3)) { _ = try $0.run("SELECT 1 FROM schedules LIMIT 1") }
  }

  /// Nil for a row whose date is none.
  static func storedDuty(_ row: SQLRow) throws -> StoredDuty? {
    guard let date: CalendarDay = try row[1] else { return nil }
    return StoredDuty(
      id: try row[0], date: date, sheet: try row[2], duty: try duty(row, from: 3), createdAt: try row[9],
      updatedAt: try row[10])
  }

  /// Nil for one whose date is none.
  static func change(_ row: SQLRow) throws -> DutyChange? {
    guard let date: CalendarDay = try row[3] else { return nil }
    let duty = try Self.duty(row, from: 4)
    let previous: Duty? = try row.text(10).map { timing in
      Duty(
        category: duty.category, name: duty.name, timing: timing, room: try row[11], speciality: try row[12],
        shift: try row[13])
    }
    return DutyChange(
      id: try row[0], kind: DutyChange.Kind(rawValue: try row[1]) ?? .changed, dutyID: try row[2], date: date,
      duty: duty,
      previous: previous, at: try row[14])
  }

  /// A duty from six columns that begin at `column`: category, name, timing, room, speciality, shift.
  static func duty(_ row: SQLRow, from column: Int) throws -> Duty {
    Duty(
      category: Duty.Category(rawValue: try row[column]) ?? .regular, name: try row[column + 1],
      timing: try row[column + 2], room: row.text(column + 3), speciality: row.text(column + 4),
      shift: row.text(column + 5))
  }
}

// What is asked again and again; the plans are held by tests.
extension SQLScheduleStore {
  static let duties: SQLText = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules ORDER BY date, position
    """

  /// PostgreSQL would look through all rows for days that it does not know beforehand.
  static let dutiesByFragment = SQLText { dialect in
    """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules
    WHERE date \(dialect.isAny(of: "SELECT date FROM worksheets WHERE \(dialect.position)(sheet, $1) > 0"))
      AND \(dialect.position)(sheet, $1) > 0
    ORDER BY date, position
    """
  }

  static let stored: SQLText = """
    SELECT id, date, position, sheet, category, name, timing, room, speciality, shift
    FROM schedules WHERE date = $1 ORDER BY position
    """

  static let changesByNumber = changes(where: "id > $1 ORDER BY id LIMIT $2")
  static let changesByTime = changes(where: "changed_at >= $1 ORDER BY id LIMIT $2")
  static let changesOfDay = changes(where: "date = $1 AND id > $2 ORDER BY id")

  private static func changes(where condition: String) -> SQLText {
    SQLText { _ in
      """
      SELECT id, kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing, previous_room,
        previous_speciality, previous_shift, changed_at
      FROM schedule_changes WHERE \(condition)
      """
    }
  }

  static let scraped: SQLText = """
    INSERT INTO scrapes (id, stored_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET stored_at = excluded.stored_at
    """
}

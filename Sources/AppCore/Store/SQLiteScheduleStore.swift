package import AppDomain
import Foundation
import GRDB

/// The schedule in one SQLite file: WAL, one writer, snapshot reads.
package struct SQLiteScheduleStore: ServiceStore {
  let pool: DatabasePool
  package let place: String
  package let appliedMigrations: [String]

  /// Opens or makes the file, its directory too, and brings the schema up to date.
  /// - Throws: `StoreError`.
  package init(path: String) throws(StoreError) {
    var configuration = Configuration()
    configuration.label = "schedule"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    place = "sqlite:\(path)"
    do {
      let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      (pool, appliedMigrations) = try DirectoryLock.with(directory.path) {
        let pool = try DatabasePool(path: path, configuration: configuration)
        let before = try pool.read { try Self.knownMigrations(in: $0) }
        try SQLiteMigrations.migrator.migrate(pool)
        return (pool, SQLiteMigrations.migrator.migrations.filter { !before.contains($0) })
      }
    } catch {
      throw StoreError(.cannotOpen, "the database \(path) can't be opened: \(error)")
    }
    let isTooNew = (try? pool.read(SQLiteMigrations.migrator.hasBeenSuperseded)) ?? false
    if isTooNew {
      throw StoreError(.schemaTooNew, "the database \(path) was made by a newer version: run that one")
    }
  }

  private static func knownMigrations(in database: Database) throws -> Set<String> {
    guard try database.tableExists("grdb_migrations") else { return [] }
    return try SQLiteMigrations.migrator.appliedIdentifiers(database)
  }

  package func replace(
    _ days: [ScheduleDay], at time: Double, under term: LeaderTerm?
  ) async throws -> ScheduleChange {
    let wanted = ScheduleDiff.rowsByDate(of: days)
    return try await pool.write { database in
      if let term { try Self.check(term, in: database) }
      var change = ScheduleChange()
      for (date, rows) in wanted {
        let stored = try Self.stored(date, in: database)
        let diff = ScheduleDiff(from: stored, to: rows)
        let ids = try Self.apply(diff, to: date, at: time, in: database)
        try Self.write(DutyEvents(diff, from: stored), of: date, ids: ids, at: time, in: database)
        change.add(diff)
      }
      try database.execute(
        sql:
          "INSERT INTO scrapes (id, stored_at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET stored_at = excluded.stored_at",
        arguments: [time])
      return change
    }
  }

  package func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] {
    // No worksheet's name holds NUL, nor can one be asked for: SQLite would take it for the end of the text.
    if fragment?.utf8.contains(0) == true { return [] }
    return try await pool.read { database in
      let fragment = fragment ?? ""
      let cursor = try Row.fetchCursor(
        database, sql: fragment.isEmpty ? Self.dutiesSQL : Self.dutiesByFragmentSQL,
        arguments: fragment.isEmpty ? [] : [fragment])
      var duties: [StoredDuty] = []
      while let row = try cursor.next() {
        guard let date = CalendarDay(iso8601: row[1]) else { continue }
        duties.append(
          StoredDuty(
            id: row[0], date: date, sheet: row[2], duty: Self.duty(row, from: 3), createdAt: row[9],
            updatedAt: row[10]))
      }
      return duties
    }
  }

  private static let dutiesSQL = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules ORDER BY date, position
    """

  static let dutiesByFragmentSQL = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules
    WHERE date IN (SELECT date FROM worksheets WHERE instr(sheet, ?1) > 0) AND instr(sheet, ?1) > 0
    ORDER BY date, position
    """

  package func rowCounts() async throws -> [CalendarDay: Int] {
    try await pool.read { database in
      let cursor = try Row.fetchCursor(database, sql: "SELECT date, count(*) FROM schedules GROUP BY date")
      var counts: [CalendarDay: Int] = [:]
      while let row = try cursor.next() {
        if let date = CalendarDay(iso8601: row[0]) { counts[date] = row[1] }
      }
      return counts
    }
  }

  package func scrapedAt() async throws -> Double? {
    try await pool.read { try Double.fetchOne($0, sql: "SELECT stored_at FROM scrapes") }
  }

  package func ping() async throws {
    _ = try await pool.read { try Int.fetchOne($0, sql: "SELECT 1 FROM schedules LIMIT 1") }
  }

  package func close() throws { try pool.close() }

  private static func stored(_ date: CalendarDay, in database: Database) throws -> [ScheduleDiff.Stored] {
    let cursor = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, position, sheet, category, name, timing, room, speciality, shift
        FROM schedules WHERE date = ? ORDER BY position
        """,
      arguments: [date.iso8601])
    var stored: [ScheduleDiff.Stored] = []
    while let row = try cursor.next() {
      let content = ScheduleDiff.Row(sheet: row[2], duty: duty(row, from: 3))
      stored.append(ScheduleDiff.Stored(id: row[0], position: row[1], row: content))
    }
    return stored
  }

  /// - Returns: the ids of the rows that were inserted, by position.
  private static func apply(
    _ diff: ScheduleDiff, to date: CalendarDay, at time: Double, in database: Database
  ) throws -> [Int: Int64] {
    let delete = try database.cachedStatement(sql: "DELETE FROM schedules WHERE id = ?")
    for id in diff.deletions { try delete.execute(arguments: [id]) }
    let update = try database.cachedStatement(
      sql: """
        UPDATE schedules SET sheet = ?, position = ?, room = ?, speciality = ?, shift = ?,
          updated_at = CASE WHEN ? THEN ? ELSE updated_at END
        WHERE id = ?
        """)
    for change in diff.updates {
      let (sheet, duty) = (change.row.sheet, change.row.duty)
      try update.execute(arguments: [
        sheet, change.position, duty.room, duty.speciality, duty.shift, change.changesContent, time, change.id,
      ])
    }
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO schedules
          (date, sheet, position, category, name, timing, room, speciality, shift, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var ids: [Int: Int64] = [:]
    for insertion in diff.insertions {
      let (sheet, duty) = (insertion.row.sheet, insertion.row.duty)
      try insert.execute(arguments: [
        date.iso8601, sheet, insertion.position, duty.category.rawValue, duty.name, duty.timing, duty.room,
        duty.speciality, duty.shift, time, time,
      ])
      ids[insertion.position] = database.lastInsertedRowID
    }
    return ids
  }

  /// A duty from six columns that begin at `index`: category, name, timing, room, speciality, shift.
  static func duty(_ row: Row, from index: Int) -> Duty {
    Duty(
      category: Duty.Category(rawValue: row[index]) ?? .regular, name: row[index + 1], timing: row[index + 2],
      room: row[index + 3], speciality: row[index + 4], shift: row[index + 5])
  }
}

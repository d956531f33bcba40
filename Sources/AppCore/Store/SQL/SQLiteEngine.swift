import Foundation
package import GRDB
import Timers

/// One SQLite file: WAL, one writer, snapshot reads.
package struct SQLiteEngine: SQLEngine {
  package let pool: DatabasePool

  /// Opens or makes the file, its directory too. Of several processes that make it at once, one does.
  init(path: String) throws {
    var configuration = Configuration()
    configuration.label = "schedule"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    pool = try DirectoryLock.with(directory.path) { try DatabasePool(path: path, configuration: configuration) }
  }

  /// The same on a thread of its own: opening waits for others who make the file.
  static func open(path: String) async throws -> SQLiteEngine {
    try await OwnThread.run { try SQLiteEngine(path: path) }
  }

  package func perform<Value: Sendable>(
    _ access: SQLAccess, patience: Duration?, _ work: @escaping @Sendable (any SQLSession) throws -> Value
  ) async throws -> Value {
    switch access {
    case .read, .snapshot: try await pool.read { try work(SQLiteSession($0)) }
    case .write, .repeatableWrite: try await pool.write { try work(SQLiteSession($0)) }
    }
  }

  package func close() throws { try pool.close() }
}

/// Within one transaction of GRDB's. There is one writer at a time, so nothing has to be locked, and nobody waits for it.
package struct SQLiteSession: SQLSession {
  private let database: Database

  package init(_ database: Database) { self.database = database }

  package func run(_ sql: SQLText, each values: [[SQLValue]], _ read: (SQLRow) throws -> Void) throws -> Int {
    let statement = try database.cachedStatement(sql: sql.sqlite)
    var changed = 0
    for values in values {
      let arguments = StatementArguments(values.lazy.map { $0.databaseValue })
      if statement.columnCount == 0 {
        try statement.execute(arguments: arguments)
        changed += database.changesCount
      } else {
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() { try read(.sqlite(row)) }
      }
    }
    return changed
  }

  package func script(_ sql: SQLText) throws { try database.execute(sql: sql.sqlite) }

  package func load(_ rows: [[SQLValue]], into table: StoreTable) throws {
    let marks = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let sql = SQLText { _ in "INSERT INTO \(table.name) (\(table.columnNames)) VALUES (\(marks))" }
    _ = try run(sql, each: rows) { _ in }
  }

  package func lock(_ key: Int64) {}
  package func allow(_ timeout: Duration) {}
  package func endWhenSilent(for seconds: Int) {}
}

extension SQLValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    }
  }
}

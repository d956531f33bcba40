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
    _ access: SQLAccess, patience: Duration?, _ work: @escaping @Sendable (SQLSession) throws -> Value
  ) async throws -> Value {
    switch access {
    case .read, .snapshot: try await pool.read { try work(.sqlite($0)) }
    case .write, .repeatableWrite: try await pool.write { try work(.sqlite($0)) }
    }
  }

  package func close() throws { try pool.close() }
}

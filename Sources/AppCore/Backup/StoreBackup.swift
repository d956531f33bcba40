package import AppStore
import Foundation
import Postgres
import Timers

/// Backs a store up into a folder while it is in use, restores the file into a scratch database, and keeps it only when
/// that holds the same rows.
package struct StoreBackup: Sendable {
  package struct Report: Sendable {
    package var path: String
    package var bytes: Int
    /// What the store held at the backup's moment, and what the restored file holds.
    package var tables: [TableDigest]
    /// Older backups that were removed.
    package var removed: [String]
    /// What an operator should know.
    package var notes: [String]
  }

  private let folder: String
  private let keep: Int

  /// - Parameter keep: how many backups of the same kind stay, the newest; at least 1.
  package init(folder: String, keep: Int) {
    self.folder = folder
    self.keep = keep
  }

  /// - Parameter time: seconds since 1970, for the name.
  /// - Throws: `StoreError`, `PostgresError`, and what SQLite throws.
  package func run(of location: DatabaseLocation, at time: Double) async throws -> Report {
    try await location.open(for: .read).closing { store in
      let folder = try BackupFolder(folder)
      defer { folder.close() }
      switch store.engine {
      case let engine as SQLiteEngine: return try await back(up: engine, into: folder, at: time)
      case let engine as PostgresEngine: return try await back(up: engine, into: folder, at: time)
      default: throw StoreError(.backupFailed, "\(store.place) can't be backed up")
      }
    }
  }

  private func back(up engine: SQLiteEngine, into folder: BackupFolder, at time: Double) async throws -> Report {
    let (file, copy) = (folder.scratch("new.sqlite"), folder.scratch("restored.sqlite"))
    let held = try await engine.backUp(to: file)
    try await OwnThread.run { try FileManager.default.copyItem(atPath: file, toPath: copy) }
    let digests = try await SQLScheduleStore(path: copy).closing { try await $0.verifiedDigests() }
    return try finish(held, digests, file, in: folder, at: time, ending: "sqlite", notes: [])
  }

  private func back(up engine: PostgresEngine, into folder: BackupFolder, at time: Double) async throws -> Report {
    let file = folder.scratch("new.dump")
    let (held, tools, server) = try await engine.dump(to: file)
    var notes: [String] = []
    if tools.major != server {
      notes.append(
        "dumped by pg_dump \(tools.major) from a server of version \(server): restore it with pg_restore \(tools.major)"
      )
    }
    let digests: [TableDigest]
    do {
      digests = try await engine.digests(restoring: file, with: tools)
    } catch let error as PostgresError where error.sqlState == "42501" {
      let path = try folder.publish(file, at: time, ending: "unverified.dump")
      throw StoreError(
        .backupFailed,
        "this user may not create the scratch database that a backup is verified in (ALTER ROLE … CREATEDB); the backup "
          + "is in \(path), unverified")
    }
    return try finish(held, digests, file, in: folder, at: time, ending: "dump", notes: notes)
  }

  private func finish(
    _ held: [TableDigest], _ restored: [TableDigest], _ file: String, in folder: BackupFolder, at time: Double,
    ending: String, notes: [String]
  ) throws -> Report {
    guard held == restored else {
      throw StoreError(.differs, "the restored backup is not what the store held; it was thrown away")
    }
    let bytes = (try FileManager.default.attributesOfItem(atPath: file)[.size] as? NSNumber)?.intValue ?? 0
    let path = try folder.publish(file, at: time, ending: ending)
    let removed = folder.prune(keeping: keep, ending: ending)
    return Report(path: path, bytes: bytes, tables: held, removed: removed, notes: notes)
  }
}

import AppStore
import Foundation
import Glibc
import Instants

/// A folder of backups: one file each, whole or absent, named by the time in UTC so that names sort by age.
///
/// A backup is written beside its place under a hidden name and renamed once it is verified and on disk.
struct BackupFolder {
  let path: String
  private let lock: Int32

  /// Makes the folder and takes it for this process; sweeps what a killed backup left.
  /// - Throws: `StoreError` code `.backupFailed`.
  init(_ path: String) throws(StoreError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StoreError(.backupFailed, "the folder \(path) can't be made: \(error.localizedDescription)")
    }
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else {
      throw StoreError(.backupFailed, "the folder \(path) can't be opened: \(String(cString: strerror(errno)))")
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(lock)
      throw StoreError(.backupFailed, "another backup into \(path) runs")
    }
    try? FileManager.default.removeItem(atPath: work)
    do {
      try FileManager.default.createDirectory(
        atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      Glibc.close(lock)
      throw StoreError(.backupFailed, "the folder \(path) can't be written to: \(error.localizedDescription)")
    }
  }

  /// Removes what was not published.
  func close() {
    try? FileManager.default.removeItem(atPath: work)
    Glibc.close(lock)
  }

  private var work: String { "\(path)/.outgrown-backup" }
  static let visible = "outgrown-"

  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  /// A hidden place for a file that is being made, on the same file system.
  func scratch(_ name: String) -> String { "\(work)/\(name)" }

  /// Puts a finished file in its place.
  /// - Parameter time: seconds since 1970.
  /// - Returns: its path.
  func publish(_ file: String, at time: Double, ending: String) throws(StoreError) -> String {
    let name = Self.freeName(at: time, ending: ending) { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { Glibc.close(descriptor) } }
    // Whoever may read the database may read its backup: its owner.
    guard descriptor >= 0, fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0, rename(file, "\(path)/\(name)") == 0,
      fsync(lock) == 0
    else {
      throw StoreError(.backupFailed, "\(path)/\(name) can't be written: \(String(cString: strerror(errno)))")
    }
    return "\(path)/\(name)"
  }

  /// Removes all but the newest `keep` backups of that kind.
  /// - Returns: the names of those that went.
  func prune(keeping keep: Int, ending: String) -> [String] {
    Self.old(among: names, keeping: keep, ending: ending)
      .filter { (try? FileManager.default.removeItem(atPath: "\(path)/\($0)")) != nil }
  }

  /// `outgrown-20261125T170255Z.sqlite`; with a number when that is taken.
  static func freeName(at time: Double, ending: String, isTaken: (String) -> Bool) -> String {
    let start = visible + InstantText.basic(time)
    var name = "\(start).\(ending)"
    var number = 2
    while isTaken(name) {
      name = "\(start)-\(number).\(ending)"
      number += 1
    }
    return name
  }

  /// Which of these names are backups of that kind beyond the newest `keep`.
  static func old(among names: [String], keeping keep: Int, ending: String) -> [String] {
    let backups = names.filter { name in
      name.hasPrefix(visible) && name.hasSuffix(".\(ending)")
        && name.dropFirst(visible.count).prefix(16).allSatisfy { $0.isNumber || $0 == "T" || $0 == "Z" }
    }
    return Array(backups.sorted { order($0) < order($1) }.dropLast(max(1, keep)))
  }

  /// The time and the number within one second: `-10` is after `-2`.
  private static func order(_ name: String) -> String {
    let rest = name.dropFirst(visible.count)
    let number = rest.dropFirst(16).first == "-" ? rest.dropFirst(17).prefix(while: \.isNumber) : ""
    return rest.prefix(16) + String(repeating: "0", count: max(0, 6 - number.count)) + number
  }
}

package import AppStore
import Curl
import Foundation
import Timers

extension StoreBackup {
  /// Backs up into a folder for the moment, sends the verified file to the bucket, reads it back, and keeps the newest
  /// there.
  /// - Throws: as `run(of:at:)`, and `CurlError`.
  package static func run(
    of location: DatabaseLocation, to bucket: S3Bucket, keep: Int, at time: Double
  ) async throws -> Report {
    let folder = FileManager.default.temporaryDirectory.appending(path: "outgrown-backup-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var report = try await StoreBackup(folder: folder, keep: 1).run(of: location, at: time)
    guard report.bytes <= S3Bucket.maximumBytes else {
      throw StoreError(
        .backupFailed,
        "the backup of \(report.bytes) bytes is larger than the \(S3Bucket.maximumBytes) that are sent to a bucket: back up "
          + "to a folder")
    }
    let ending = report.path.hasSuffix(".dump") ? "dump" : "sqlite"
    let client = try CurlClient()
    defer { client.shutdown() }
    let known = try await bucket.names(beginning: BackupFolder.visible, at: time, client: client)
    let name = BackupFolder.freeName(at: time, ending: ending) { known.contains($0) }
    let bytes = try await OwnThread.run { [path = report.path] in [UInt8](try Data(contentsOf: URL(filePath: path))) }
    try await bucket.put(bytes, name: name, at: time, client: client)
    report.path = bucket.place + name
    report.removed = BackupFolder.old(among: known + [name], keeping: keep, ending: ending)
    for name in report.removed { try await bucket.delete(name, at: time, client: client) }
    return report
  }
}

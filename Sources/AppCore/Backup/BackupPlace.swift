package import AppStore
import Curl
import Foundation
import Instants

/// Where backups are kept.
package enum BackupPlace: Sendable {
  case folder(String)
  case bucket(S3Bucket)

  /// Reads a folder's path, or `s3://bucket/folder` with its keys from the environment.
  /// - Throws: `StoreError` code `.urlInvalid`.
  package init(_ text: String, environment: [String: String]) throws(StoreError) {
    if text.hasPrefix("s3://") {
      self = .bucket(try S3Bucket(url: text, environment: environment))
    } else if text.isEmpty || text.contains("://") {
      throw StoreError(.urlInvalid, "\(text.debugDescription): a folder or s3://bucket/folder was expected for backups")
    } else {
      self = .folder(text)
    }
  }

  /// - Parameter time: seconds since 1970, for the name.
  /// - Throws: as `StoreBackup.run`.
  package func backUp(_ location: DatabaseLocation, keep: Int, at time: Double) async throws -> StoreBackup.Report {
    switch self {
    case .folder(let path): try await StoreBackup(folder: path, keep: keep).run(of: location, at: time)
    case .bucket(let bucket): try await StoreBackup.run(of: location, to: bucket, keep: keep, at: time)
    }
  }

  /// When the newest backup there was made, by its name; seconds since 1970, nil when there is none.
  /// - Throws: `StoreError`, `CurlError`. A folder that isn't there has no backups.
  package func newest(at time: Double) async throws -> Double? {
    switch self {
    case .folder(let path):
      return Self.newest(among: (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
    case .bucket(let bucket):
      let client = try CurlClient(maxTransfers: 1)
      defer { client.shutdown() }
      return Self.newest(among: try await bucket.names(beginning: BackupFolder.visible, at: time, client: client))
    }
  }

  static func newest(among names: [String]) -> Double? {
    names.compactMap { name -> Double? in
      guard name.hasPrefix(BackupFolder.visible), name.hasSuffix("Z.sqlite") || name.hasSuffix("Z.dump") else {
        return nil
      }
      let stamp = name.dropFirst(BackupFolder.visible.count).prefix(16)
      return InstantReader.whole(stamp) { $0.basic() }.map { Double($0.seconds) }
    }.max()
  }
}

import AppStore
import Foundation
import Postgres
import Secrets

/// PostgreSQL's own command line tools, of one version.
struct PostgresTools: Equatable {
  var folder: String
  /// Such as 15.
  var major: Int

  /// Picks the tools for a server: of its own version, else of the next newer one, which can read it too. Older ones
  /// refuse.
  /// - Throws: `StoreError` code `.backupFailed`.
  static func choose(from candidates: [PostgresTools], server: Int) throws(StoreError) -> PostgresTools {
    let usable = candidates.filter { $0.major >= server }.sorted { $0.major < $1.major }
    if let best = usable.first { return best }
    let found = candidates.map { String($0.major) }.sorted().joined(separator: ", ")
    throw StoreError(
      .backupFailed,
      "the server is PostgreSQL \(server) and needs a pg_dump that is not older; found here: "
        + "\(found.isEmpty ? "none" : found). Install postgresql-client-\(server) (Debian, Ubuntu, or apt.postgresql.org)"
    )
  }

  /// All that this machine has: Debian's and Red Hat's folders, then PATH.
  static func installed() -> [PostgresTools] {
    let files = FileManager.default
    func versions(in parent: String, prefix: String = "") -> [String] {
      ((try? files.contentsOfDirectory(atPath: parent)) ?? []).filter { $0.hasPrefix(prefix) }.map {
        "\(parent)/\($0)/bin"
      }
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders =
      versions(in: "/usr/lib/postgresql") + versions(in: "/usr", prefix: "pgsql-")
      + path.split(separator: ":").map { String($0) }
    return folders.compactMap { folder in
      guard files.isExecutableFile(atPath: folder + "/pg_dump"), files.isExecutableFile(atPath: folder + "/pg_restore"),
        let output = try? ExternalTool.run(folder + "/pg_dump", ["--version"]).output,
        let major = major(of: output)
      else { return nil }
      return PostgresTools(folder: folder, major: major)
    }
  }

  /// Reads `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
  static func major(of version: String) -> Int? {
    guard let mark = version.range(of: "(PostgreSQL) ") else { return nil }
    return Int(version[mark.upperBound...].prefix(while: \.isNumber))
  }

  /// Dumps the database as another transaction sees it.
  func dump(_ configuration: PostgresConfiguration, snapshot: String, to file: String) throws {
    try run(
      "pg_dump",
      [
        "--format=custom", "--no-owner", "--no-privileges", "--no-password", "--snapshot=\(snapshot)", "--file=\(file)",
        "--dbname=\(configuration.keywordText)",
      ], configuration)
  }

  func restore(_ file: String, into configuration: PostgresConfiguration) throws {
    try run(
      "pg_restore",
      [
        "--no-owner", "--no-privileges", "--no-password", "--exit-on-error", "--dbname=\(configuration.keywordText)",
        file,
      ], configuration)
  }

  /// The password goes by the environment, which other users of the machine can't read.
  private func run(_ tool: String, _ arguments: [String], _ configuration: PostgresConfiguration) throws {
    var environment = ProcessInfo.processInfo.environment
    environment["PGPASSWORD"] = configuration.password?.secret ?? environment["PGPASSWORD"]
    let result = try ExternalTool.run("\(folder)/\(tool)", arguments, environment: environment)
    guard result.status == 0 else {
      throw StoreError(
        .backupFailed, "\(tool) \(major) ended with \(result.status): \(result.errors.prefix(1_000))")
    }
  }
}

import AppStore
import ArgumentParser
import Foundation
import HTTPService

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Backs the database up while the service runs, and proves that it can be restored.",
    discussion: """
      SQLite by its online backup, PostgreSQL by a pg_dump that is no older than the server. The file is restored into a \
      scratch database and kept only when that holds the same rows.

        outgrown app backup --to backups --keep 7
      """
  )

  @Option(help: ArgumentHelp("The folder that keeps the backups.", valueName: "folder"))
  var to: String

  @Option(help: "How many backups stay, the newest.")
  var keep = 7

  @Option(help: ArgumentHelp(stringLiteral: DatabaseOption.help))
  var database: String?

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    guard keep >= 1 else { throw ValidationError("--keep \(keep): at least 1 was expected") }
    guard !to.contains("://") else { throw ValidationError("--to \(to): a folder was expected") }
  }

  func run() async throws {
    do {
      let location = try DatabaseOption.location(database)
      let report = try await StoreBackup(folder: to, keep: keep).run(of: location, at: CampusClock.now())
      for note in report.notes { FileHandle.standardError.write(Data("outgrown: \(note)\n".utf8)) }
      print(json ? Self.json(report) : Self.text(report))
    } catch {
      throw CommandFailure.exit(for: error)
    }
  }

  private static func text(_ report: StoreBackup.Report) -> String {
    var lines = ["\(report.path): \(report.bytes) bytes, restored and equal"] + DigestText.lines(report.tables)
    if !report.removed.isEmpty { lines.append("removed: \(report.removed.joined(separator: ", "))") }
    return lines.joined(separator: "\n")
  }

  private static func json(_ report: StoreBackup.Report) -> String {
    var writer = JSONWriter(capacity: 512)
    writer.object { json in
      json.field("path", report.path)
      json.field("bytes", report.bytes)
      json.key("tables")
      json.array { json in for table in report.tables { DigestText.write(table, to: &json) } }
      json.key("removed")
      json.array { json in for name in report.removed { json.string(name) } }
      json.key("notes")
      json.array { json in for note in report.notes { json.string(note) } }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

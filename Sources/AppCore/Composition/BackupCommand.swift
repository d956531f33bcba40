import AppBackup
import AppStore
import ArgumentParser
import Foundation
import HTTPService
import Services
import Terminal
import Timers
import Wording

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Backs the database up while the service runs, and proves that it can be restored.",
    discussion: """
      SQLite by its online backup, PostgreSQL by a pg_dump that is no older than the server. The file is restored into a \
      scratch database and kept only when that holds the same rows.

        outgrown app backup --to backups --keep 7
        outgrown app backup --to backups --every 24h
        outgrown app backup --to s3://bucket/folder    # AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL
      """
  )

  @Option(help: ArgumentHelp("Where backups are kept: a folder, or s3://bucket/folder.", valueName: "place"))
  var to: String

  @Option(help: "How many backups stay, the newest.")
  var keep = 7

  @Option(help: ArgumentHelp(stringLiteral: DatabaseOption.help))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "Backs up now and then at this interval until SIGTERM or SIGINT, from 1s to 30d; what happens goes to the log.",
      valueName: "interval"))
  var every: String?

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    guard keep >= 1 else { throw ValidationError("--keep \(keep): at least 1 was expected") }
    guard to.hasPrefix("s3://") || !to.contains("://") else {
      throw ValidationError("--to \(to): a folder or s3://bucket/folder was expected")
    }
  }

  func run() async throws {
    do {
      let location = try DatabaseOption.location(database)
      let backUp = try makeBackup(of: location)
      if let every { return try await run(backUp, every: every) }
      let report = try await backUp()
      for note in report.notes { Console.say(note) }
      print(json ? Self.json(report) : Self.text(report))
    } catch {
      throw StoreError.explaining(error) ?? error
    }
  }

  private func makeBackup(of location: DatabaseLocation) throws -> @Sendable () async throws -> StoreBackup.Report {
    let place = try BackupPlace(to, environment: Settings.current().environment)
    return { [keep] in try await place.backUp(location, keep: keep, at: CampusClock.now()) }
  }

  private func run(_ backUp: @escaping @Sendable () async throws -> StoreBackup.Report, every text: String) async throws
  {
    guard let interval = DurationText.parse(text), interval >= .seconds(1), interval <= .seconds(30 * 86_400) else {
      throw ConfigurationError("--every \(text.debugDescription): a duration from 1s to 30d was expected, such as 24h")
    }
    let logger = try CommandLog.make("backup")
    let timers = try TimerThread(logger: logger)
    let service = BackupService(interval: interval, logger: logger, wait: timers.wait, backUp: backUp)
    try await ServiceRun.untilSignalled(
      [service], timers: timers, logger: logger, sayAndCode: StoreFailure.sayAndCode)
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

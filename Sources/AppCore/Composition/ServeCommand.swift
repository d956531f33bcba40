import AppStore
import ArgumentParser
import Foundation

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Scrapes the schedule into the database and serves it over HTTP until SIGTERM or SIGINT.",
    discussion: """
      Options win over the environment: SCHEDULE_URL, DATABASE_URL, HOST, PORT, LOG_LEVEL. Logs go to stderr. \
      With HEARTBEAT_URL (and HEARTBEAT_TOKEN, HEARTBEAT_INTERVAL) it tells `outgrown monitor run` that it runs.

      It scrapes every 2 hours from 06:00 to 22:00 and at 00:00 Asia/Kolkata, a few minutes later at random, and at its \
      start when that was missed; SCRAPER_INTERVAL_HOURS=4, or SCRAPER_CRON='30 6-22/4 * * *', says otherwise. Of several \
      instances on one database one does.

      BACKUP_TO=folder or s3://bucket/folder backs the database up every BACKUP_EVERY (24h) and keeps BACKUP_KEEP (7).

      With SMTP_URL and MAIL_FROM it mails subscribers before duties start: docs/notifications.md.
      """
  )

  @Option(help: "The schedule's web page. (env SCHEDULE_URL; default: the health centre's)")
  var source: String?

  @Option(help: ArgumentHelp(stringLiteral: DatabaseOption.help))
  var database: String?

  @Option(help: "The address to listen on. (env HOST; default: 127.0.0.1)")
  var host: String?

  @Option(help: "The port to listen on, 0 for any free one. (env PORT; default: 8000)")
  var port: String?

  @Option(
    help: ArgumentHelp(
      "A file that appears once the socket listens and the first scrape has finished or failed: one line of JSON.",
      valueName: "path"))
  var readyFile: String?

  @Option(
    help: ArgumentHelp(
      "Delays every answer, such as 500ms: a fault for rehearsing what a slow service looks like. Never set it on a "
        + "service that people use.",
      visibility: .hidden))
  var debugDelay: String?

  func run() async throws {
    do {
      let configuration = try ServeConfiguration(
        ServeConfiguration.Options(
          source: source, database: database, host: host, port: port, readyFile: readyFile, delay: debugDelay),
        environment: ProcessInfo.processInfo.environment)
      try await ScheduleService(configuration, logger: CommandLog.make("app")).run()
    } catch {
      throw StoreError.explaining(error) ?? error
    }
  }
}

import AppStore
import ArgumentParser
import Logging
import Logs

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Scrapes the schedule into the database and serves it over HTTP until SIGTERM or SIGINT.",
    discussion: """
      Options win over the environment, that over a file .env; `outgrown app config` shows every setting. Logs go to \
      stderr (LOG_LEVEL, LOG_FORMAT), also to LOG_FILE. \
      With HEARTBEAT_URL (and HEARTBEAT_TOKEN, HEARTBEAT_INTERVAL) it tells `outgrown monitor run` that it runs.

      It scrapes every 2 hours from 06:00 to 22:00 and at 00:00 Asia/Kolkata, a few minutes later at random, and at its \
      start when that was missed; SCRAPER_INTERVAL_HOURS=4, or SCRAPER_CRON='30 6-22/4 * * *', says otherwise. Of several \
      instances on one database one does.

      BACKUP_TO=folder or s3://bucket/folder backs the database up every BACKUP_EVERY (24h) and keeps BACKUP_KEEP (7).

      With SENTRY_DSN it tells Sentry of errors: docs/settings.md.

      With SMTP_URL or MAIL_API_URL, and MAIL_FROM, it mails subscribers before duties start: docs/notifications.md.
      """
  )

  @OptionGroup var options: ServeOptions

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
    let settings = try options.settings()
    do {
      let configuration = try ServeConfiguration(
        ServeConfiguration.Options(
          source: options.source, database: options.database, host: options.host, port: options.port,
          readyFile: readyFile, delay: debugDelay),
        environment: settings.environment)
      let logger = try LogSettings(environment: settings.environment).logger("app")
      if !settings.fromFile.isEmpty {
        logger.info(
          "settings were read from a file",
          metadata: ["file": "\(Settings.filePath)", "names": "\(settings.fromFile.joined(separator: " "))"])
      }
      try await ScheduleService(configuration, logger: logger).run()
    } catch {
      let error = settings.explaining(error)
      throw StoreError.explaining(error) ?? error
    }
  }
}

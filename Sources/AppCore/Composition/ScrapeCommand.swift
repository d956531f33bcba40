import AppDomain
import AppScrape
import AppStore
import ArgumentParser
import Curl
import Foundation
import Terminal
import Timers

struct ScrapeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scrape",
    abstract: "Reads the schedule from its web page and prints what was read; stores nothing unless told to.",
    discussion: """
      Warnings go to stderr. Ends with 0 when duties were read, 65 when the page holds no schedule, 69 when it can't be \
      reached.

        outgrown app scrape
        outgrown app scrape --source URL --json
        outgrown app scrape --into sqlite:var/app.sqlite --accept-shrink
      """
  )

  @Option(help: "The schedule's web page. (env SCHEDULE_URL; default: the health centre's)")
  var source: String?

  @Flag(help: "Print a JSON array with an object for each duty.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Also store what was read: sqlite:relative, sqlite:/absolute or postgres://user:password@host:port/database.",
      valueName: "database"))
  var into: String?

  @Flag(
    help: "With --into: store it also when a day of today or later would lose more than half of its duties.")
  var acceptShrink = false

  func validate() throws {
    if acceptShrink, into == nil { throw ValidationError("--accept-shrink says how to store: it needs --into") }
  }

  func run() async throws {
    do {
      let url = try ServeConfiguration.source(source, environment: Settings.current().environment)
      let location = try into.map { try DatabaseOption.location($0, option: "--into") }
      let source = ScheduleSources.make(url, client: try CurlClient(), wait: try TimerThread().wait)
      let reading = try await source.read()
      for warning in reading.warnings { Console.say("\(warning)") }
      guard reading.rowCount > 0 else { throw ScrapeError(.notASchedule, "\(url.absoluteString) holds no duty") }
      print(json ? ReadingJSON.encode(reading) : ReadingText.lines(of: reading).joined(separator: "\n"))
      Console.say(ReadingText.summary(of: reading))
      if let location { try await store(reading, in: location) }
    } catch {
      throw StoreError.explaining(error) ?? error
    }
  }

  private func store(_ reading: ScheduleReading, in location: DatabaseLocation) async throws {
    try await location.open().closing { store in
      let known = try await store.rowCounts()
      let leader = try await store.leader()
      if !acceptShrink,
        case .refused(let reason) = ScrapePlausibility.judge(reading, known: known, today: CampusClock.today())
      {
        throw ImplausibleReading(place: location.place, reason: reason)
      }
      let change = try await store.replace(reading.days, at: CampusClock.now(), under: leader)
      Console.say(
        "\(location.place): \(change.added) added, \(change.removed) removed, \(change.updated) updated, "
          + "\(change.unchanged) unchanged")
    }
  }
}

/// What was read is not believed; the store keeps what it has.
struct ImplausibleReading: ExitStating, CustomStringConvertible {
  var place: String
  var reason: String
  var exitStatus: ExitStatus { .badData }

  var description: String {
    "\(place) keeps the schedule as it was: \(reason); if the page is right, run this again with --accept-shrink"
  }
}

import AppSchedule
import AppStore
import Foundation
import HTTPService
import Terminal
import Wording

/// A setting that can't be used: which one, and what was expected.
struct ConfigurationError: ExitStating, CustomStringConvertible {
  var description: String
  var exitStatus: ExitStatus { .invalidConfiguration }

  init(_ message: String) { description = message }
}

/// What `app serve` was told, by options first, then by the environment, then by default; validated.
struct ServeConfiguration {
  static let defaultSource = "https://iitj.ac.in/health-center/en/doctors-schedule"

  var source: URL
  var database: DatabaseLocation
  var address: ListeningAddress
  var readyFile: String?
  var delay: Duration?
  var heartbeat: HeartbeatTarget?
  var notifications: NotifyConfiguration
  var scrapes: ScrapeTimetable.Rule
  var backup: ServeBackup?
  var access: AccessConfiguration

  /// The command line's values, nil where an option was not given.
  struct Options {
    var source: String?
    var database: String?
    var host: String?
    var port: String?
    var readyFile: String?
    var delay: String?
  }

  /// - Throws: `ConfigurationError`, or `StoreError` for the database's URL.
  init(_ options: Options, environment: [String: String]) throws {
    func setting(_ option: String?, _ variable: String) -> String? {
      option ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
    source = try Self.source(options.source, environment: environment)
    database = try DatabaseOption.location(options.database, environment: environment)
    address = try Self.address(
      host: setting(options.host, "HOST"), port: setting(options.port, "PORT"), defaultPort: 8_000)
    readyFile = options.readyFile
    delay = try options.delay.map { try Self.delay($0, option: "--debug-delay") }
    heartbeat = try HeartbeatTarget(environment: environment)
    notifications = try NotifyConfiguration(environment: environment)
    scrapes = try ScrapeRule.read(environment)
    backup = try ServeBackup(environment: environment)
    access = try AccessConfiguration(environment: environment, isLocal: address.isLoopback)
  }

  static func address(host: String?, port: String?, defaultPort: Int) throws(ConfigurationError) -> ListeningAddress {
    guard let port else { return ListeningAddress(host: host ?? "127.0.0.1", port: defaultPort) }
    guard let number = Int(port), (0...65_535).contains(number) else {
      throw ConfigurationError("the port \(port.debugDescription) is none: 0 (any free one) to 65535 was expected")
    }
    return ListeningAddress(host: host ?? "127.0.0.1", port: number)
  }

  /// Reads a delay of at most a minute.
  static func delay(_ text: String, option: String) throws(ConfigurationError) -> Duration {
    guard let delay = DurationText.parse(text), delay <= .seconds(60) else {
      throw ConfigurationError("\(option) \(text.debugDescription): a duration up to 60s was expected, such as 500ms")
    }
    return delay
  }

  /// The option, else SCHEDULE_URL, else the health centre's page.
  static func source(_ option: String?, environment: [String: String]) throws(ConfigurationError) -> URL {
    let variable = environment["SCHEDULE_URL"].flatMap { $0.isEmpty ? nil : $0 }
    let text = option ?? variable ?? defaultSource
    guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = url.host(), !host.isEmpty
    else {
      throw ConfigurationError(
        "the source \(text.debugDescription) is no web page: an http:// or https:// URL was expected in --source or "
          + "SCHEDULE_URL")
    }
    return url
  }
}

import AppAPI
import AppCache
import AppSchedule
import AppStore
import Foundation
import HTTPService
import Sentry
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
  var cache: CacheLimits
  var redis: RedisSettings?
  /// False for a scratch store, to measure what indexes are worth.
  var hasIndexes: Bool
  var place: InstancePlace
  var sentry: SentryOptions?

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
    cache = try Self.cache(environment: environment)
    hasIndexes = try Self.isOn("INDEXES", environment: environment)
    redis = try RedisSettings(environment: environment)
    place = Self.place(environment: environment)
    sentry = try SentryOptions(environment: environment)
  }

  static func address(host: String?, port: String?, defaultPort: Int) throws(ConfigurationError) -> ListeningAddress {
    guard let port else { return ListeningAddress(host: host ?? "127.0.0.1", port: defaultPort) }
    guard let number = Int(port), (0...65_535).contains(number) else {
      throw ConfigurationError("the port \(port.debugDescription) is none: 0 (any free one) to 65535 was expected")
    }
    return ListeningAddress(host: host ?? "127.0.0.1", port: number)
  }

  /// INSTANCE_ID or what the platform calls it; REGION and PLAN as the deployment says them.
  /// Source: Render, "Default Environment Variables" (https://render.com/docs/environment-variables, 2026-11):
  /// RENDER_INSTANCE_ID.
  static func place(environment: [String: String]) -> InstancePlace {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : String($0.prefix(200)) } }
    return InstancePlace(
      instance: setting("INSTANCE_ID") ?? setting("RENDER_INSTANCE_ID"),
      region: setting("REGION"), plan: setting("PLAN"))
  }

  /// Answers that are kept: CACHE (on, off), CACHE_TTL.
  static func cache(environment: [String: String]) throws(ConfigurationError) -> CacheLimits {
    var limits = CacheLimits()
    if let text = environment["CACHE_TTL"], !text.isEmpty {
      let seconds = Int(text).map { Duration.seconds($0) } ?? DurationText.parse(text)
      guard let seconds, seconds >= .seconds(1), seconds <= .seconds(86_400) else {
        throw ConfigurationError(
          "CACHE_TTL \(text.prefix(50).debugDescription): seconds or a duration from 1s to 24h was expected, such as 300"
        )
      }
      limits.lifetime = seconds.seconds
    }
    if try !isOn("CACHE", environment: environment) { limits.lifetime = 0 }
    return limits
  }

  /// On where it is not set.
  private static func isOn(_ name: String, environment: [String: String]) throws(ConfigurationError) -> Bool {
    switch environment[name] {
    case nil, "", "on": return true
    case "off": return false
    case .some(let other):
      throw ConfigurationError("\(name) \(other.prefix(50).debugDescription): on or off was expected")
    }
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

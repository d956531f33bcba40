import AppCache
import Evidence
import Logging
import Redis
import Telemetry

/// A Redis by which instances share what they have made: REDIS_URL, REDIS_PREFIX.
struct RedisSettings: Equatable {
  var server: RedisConfiguration
  var prefix: String

  static let standardPrefix = "outgrown"
  private static let longestPrefix = 100

  /// Nil when REDIS_URL is not set.
  /// - Throws: `ConfigurationError`.
  init?(environment: [String: String]) throws(ConfigurationError) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let prefix = setting("REDIS_PREFIX") ?? Self.standardPrefix
    guard prefix.utf8.count <= Self.longestPrefix, prefix.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ConfigurationError(
        "REDIS_PREFIX: at most \(Self.longestPrefix) visible ASCII characters were expected, such as outgrown")
    }
    self.prefix = prefix
    guard let url = setting("REDIS_URL") else { return nil }
    do throws(RedisError) {
      server = try RedisConfiguration(url: url)
    } catch {
      throw ConfigurationError("REDIS_URL: \(error.message)")
    }
  }

  /// Begins to connect; what is made of the schedule may differ from version to version.
  func bodies(lifetime: Double, registry: MetricsRegistry, logger: Logger) throws -> SharedBodies {
    let isThere = registry.gauge("redis_up", "Whether there is a connection to Redis.").with()
    let client = try RedisClient(server) { [place = server.place] state in
      switch state {
      case .connected:
        isThere.value = 1
        logger.info("connected to Redis", metadata: ["server": "\(place)"])
      case .renewing: isThere.value = 0
      case .away(let error):
        isThere.value = 0
        logger.warning(
          "Redis is away: answers are kept in memory only", metadata: ["server": "\(place)", "error": "\(error)"])
      }
    }
    return SharedBodies(client, prefix: "\(prefix):\(Version.string):", lifetime: lifetime)
  }
}

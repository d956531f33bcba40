import Curl
import Secrets
import Wording

/// Where the service says that it runs: HEARTBEAT_URL, HEARTBEAT_TOKEN, HEARTBEAT_INTERVAL.
struct HeartbeatTarget: Sendable, Equatable {
  var url: String
  var token: Redacted<String>?
  var interval: Duration

  /// Nil without HEARTBEAT_URL.
  /// - Throws: `ConfigurationError`; it never repeats the token.
  init?(environment: [String: String]) throws(ConfigurationError) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let url = setting("HEARTBEAT_URL") else { return nil }
    guard let parsed = CurlURL(url), ["http", "https"].contains(parsed.scheme), !parsed.host.isEmpty else {
      throw ConfigurationError(
        "HEARTBEAT_URL \(CurlURL.redacted(url)): an http:// or https:// URL was expected, such as "
          + "https://monitor.example/heartbeat/schedule")
    }
    self.url = url
    token = setting("HEARTBEAT_TOKEN").map { Redacted($0) }
    interval = .seconds(60)
    guard let text = setting("HEARTBEAT_INTERVAL") else { return }
    guard let interval = DurationText.parse(text), interval >= .milliseconds(50), interval <= .seconds(3_600) else {
      throw ConfigurationError(
        "HEARTBEAT_INTERVAL \(text.debugDescription): a duration from 50ms to 1h was expected, such as 60s")
    }
    self.interval = interval
  }

  static func == (left: HeartbeatTarget, right: HeartbeatTarget) -> Bool {
    left.url == right.url && left.token?.secret == right.token?.secret && left.interval == right.interval
  }
}

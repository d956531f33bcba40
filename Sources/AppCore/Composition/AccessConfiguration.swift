import AppAPI
import HTTPService
import Secrets

/// What strangers may do, and whom the service believes: TRUSTED_PROXIES, ALLOWED_ORIGINS, ADMIN_TOKEN, DEVELOPMENT,
/// SUBSCRIBERS_MAX, DEVICES_MAX, LIMIT_PER_MINUTE.
struct AccessConfiguration: Sendable {
  /// Shorter ones can be tried out.
  private static let minimumToken = 16

  var proxies: TrustedProxies
  var crossOrigin = CrossOrigin()
  var admin = AdminAccess.nobody
  var maximumSubscribers = 10_000
  var maximumDevices = 10_000
  /// What one client may ask for of subscriptions and devices.
  var perMinute = 60

  /// - Parameter isLocal: the service is reached from this machine alone.
  /// - Throws: `ConfigurationError`; it never repeats the token.
  init(environment: [String: String], isLocal: Bool) throws(ConfigurationError) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    // Source: Render, "Default Environment Variables" (https://render.com/docs/environment-variables, 2026-11): RENDER is
    // true in every service.
    proxies = TrustedProxies(isOnPlatform: setting("RENDER") != nil)
    if let text = setting("TRUSTED_PROXIES") {
      guard let proxies = TrustedProxies(text) else {
        throw ConfigurationError(
          "TRUSTED_PROXIES \(text.prefix(200).debugDescription): addresses in CIDR notation were expected, separated by "
            + "commas, such as 10.0.0.0/8,2001:db8::/32")
      }
      self.proxies = proxies
    }
    if let text = setting("ALLOWED_ORIGINS") {
      guard let crossOrigin = CrossOrigin(text) else {
        throw ConfigurationError(
          "ALLOWED_ORIGINS \(text.prefix(200).debugDescription): origins of web pages were expected, separated by commas, "
            + "such as https://doctors.example.org, without a path; or * for everybody's")
      }
      self.crossOrigin = crossOrigin
    }
    if let token = setting("ADMIN_TOKEN") {
      guard token.utf8.count >= Self.minimumToken, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw ConfigurationError(
          "ADMIN_TOKEN: at least \(Self.minimumToken) ASCII characters without blanks were expected, such as "
            + "`openssl rand -hex 16` gives")
      }
      admin = .token(BearerToken(Redacted(token)))
    }
    func most(_ name: String) throws(ConfigurationError) -> Int? {
      guard let text = setting(name) else { return nil }
      guard let number = Int(text), (1...1_000_000).contains(number) else {
        throw ConfigurationError("\(name) \(text.prefix(50).debugDescription): 1 to 1000000 was expected")
      }
      return number
    }
    maximumSubscribers = try most("SUBSCRIBERS_MAX") ?? maximumSubscribers
    maximumDevices = try most("DEVICES_MAX") ?? maximumDevices
    perMinute = try most("LIMIT_PER_MINUTE") ?? perMinute
    if let text = setting("DEVELOPMENT"), text != "0" {
      guard text == "1" else {
        throw ConfigurationError("DEVELOPMENT \(text.prefix(50).debugDescription): 1 or 0 was expected")
      }
      guard setting("RENDER") == nil else {
        throw ConfigurationError(
          "DEVELOPMENT=1 lets everybody do what is the operator's: not on a platform; set ADMIN_TOKEN there")
      }
      guard isLocal else {
        throw ConfigurationError(
          "DEVELOPMENT=1 lets everybody do what is the operator's: only where HOST is an address of loopback, such as "
            + "127.0.0.1")
      }
      if admin.token == nil { admin = .everybody }
    }
  }

  /// One more of them: subscriptions, leaving and devices are each counted by themselves. All clients together get ten times
  /// what one does.
  /// - Parameter monotonic: seconds that never go back.
  func limit(_ monotonic: @escaping @Sendable () -> Double) -> RequestLimit {
    let rate = Double(perMinute)
    return RequestLimit(
      perClient: RequestLimit.Rate(burst: rate, perMinute: rate),
      overall: RequestLimit.Rate(burst: rate * 10 / 3, perMinute: rate * 10), now: monotonic)
  }
}

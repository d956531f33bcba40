import HTTPService
import Secrets

/// What strangers may do, and whom the service believes: TRUSTED_PROXIES, ADMIN_TOKEN, SUBSCRIBERS_MAX.
struct AccessConfiguration: Sendable {
  /// Shorter ones can be tried out.
  private static let minimumToken = 16

  var proxies: TrustedProxies
  /// Nil: nobody may more than anybody.
  var admin: BearerToken?
  var maximumSubscribers = 10_000

  /// - Throws: `ConfigurationError`; it never repeats the token.
  init(environment: [String: String]) throws(ConfigurationError) {
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
    if let token = setting("ADMIN_TOKEN") {
      guard token.utf8.count >= Self.minimumToken, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw ConfigurationError(
          "ADMIN_TOKEN: at least \(Self.minimumToken) ASCII characters without blanks were expected, such as "
            + "`openssl rand -hex 16` gives")
      }
      admin = BearerToken(Redacted(token))
    }
    if let text = setting("SUBSCRIBERS_MAX") {
      guard let number = Int(text), (1...1_000_000).contains(number) else {
        throw ConfigurationError("SUBSCRIBERS_MAX \(text.prefix(50).debugDescription): 1 to 1000000 was expected")
      }
      maximumSubscribers = number
    }
  }
}

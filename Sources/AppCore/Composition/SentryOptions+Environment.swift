import Curl
import Evidence
import Sentry

extension SentryOptions {
  /// SENTRY_DSN, SENTRY_RELEASE, SENTRY_ENVIRONMENT, SENTRY_SAMPLE_RATE. Nil without SENTRY_DSN.
  /// - Throws: `ConfigurationError`; it never repeats the DSN.
  init?(environment: [String: String]) throws(ConfigurationError) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let release = setting("SENTRY_RELEASE") ?? Self.standardRelease
    guard Self.isRelease(release) else {
      throw ConfigurationError(
        "SENTRY_RELEASE \(release.prefix(50).debugDescription): at most 200 characters without slashes and line ends were "
          + "expected, such as outgrown@1.2.0")
    }
    let place = setting("SENTRY_ENVIRONMENT") ?? Self.standardEnvironment
    guard Self.isEnvironment(place) else {
      throw ConfigurationError(
        "SENTRY_ENVIRONMENT \(place.prefix(50).debugDescription): at most 64 characters without slashes and blanks were "
          + "expected, such as production")
    }
    let text = setting("SENTRY_SAMPLE_RATE") ?? "1"
    guard let rate = Double(text), (0...1).contains(rate) else {
      throw ConfigurationError(
        "SENTRY_SAMPLE_RATE \(text.prefix(50).debugDescription): a share from 0 to 1 was expected, such as 0.25")
    }
    guard let dsn = setting("SENTRY_DSN") else { return nil }
    do {
      self.init(
        dsn: try SentryDSN(dsn), release: release, environment: place, serverName: setting("INSTANCE_ID"),
        sampleRate: rate, secrets: Self.secrets(environment))
    } catch {
      throw ConfigurationError("SENTRY_DSN: \(error)")
    }
  }

  /// A commit's name may be a branch's.
  private static var standardRelease: String {
    "outgrown@" + String(Version.string.map { $0 == "/" || $0 == "\\" || $0.isWhitespace ? "-" : $0 })
  }

  /// What the settings hold that nobody else may see.
  private static func secrets(_ environment: [String: String]) -> [String] {
    Setting.all.flatMap { setting -> [String] in
      guard let text = environment[setting.name] else { return [] }
      return switch setting.kind {
      case .plain: []
      case .secret: [text]
      case .address: [CurlURL(text)?.password].compactMap(\.self)
      }
    }
  }
}

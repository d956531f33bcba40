package import Secrets

/// What an event says of the service, and how many are sent.
package struct SentryOptions: Sendable {
  package var dsn: SentryDSN
  package var release: String
  package var environment: String
  /// Only where somebody named this instance: a machine's own name may be a person's.
  package var serverName: String?
  /// 0...1.
  package var sampleRate: Double
  /// The process' own secrets, which no text may hold.
  package var secrets: Redacted<[String]>

  package init(
    dsn: SentryDSN, release: String, environment: String = standardEnvironment, serverName: String? = nil,
    sampleRate: Double = 1, secrets: [String] = []
  ) {
    self.dsn = dsn
    self.release = release
    self.environment = environment
    self.serverName = serverName
    self.sampleRate = sampleRate
    self.secrets = Redacted(secrets)
  }

  package static let standardEnvironment = "production"

  /// - Source: docs.sentry.io, "Releases & Health", "Naming your release" (2026-11): at most 200 characters; no line ends,
  ///   tabs, slashes or backslashes; neither `.` nor `..` nor a blank.
  package static func isRelease(_ text: String) -> Bool {
    (1...200).contains(text.unicodeScalars.count) && ![".", "..", " "].contains(text)
      && text.unicodeScalars.allSatisfy { isPrintable($0) && $0 != "/" && $0 != "\\" }
  }

  /// - Source: docs.sentry.io, "Environments" (2026-11): at most 64 characters; no line ends, blanks or slashes; not
  ///   `None`.
  package static func isEnvironment(_ text: String) -> Bool {
    (1...64).contains(text.unicodeScalars.count) && text.lowercased() != "none"
      && text.unicodeScalars.allSatisfy { isPrintable($0) && $0 != "/" && !$0.properties.isWhitespace }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}

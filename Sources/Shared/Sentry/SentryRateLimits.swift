import Curl
import Instants

/// Until when Sentry wants no events. Times are passed in; monotonic ones are seconds that never go back.
/// - Source: develop.sentry.dev, SDK, "Rate Limiting" (2026-11): the header counts on any response, `Retry-After` on 429,
///   a 429 without either is a minute; of several limits the longest holds; what a limit is about stays open to unknown
///   words, and one whose words are all unknown is about nothing that is sent here.
struct SentryRateLimits: Sendable {
  /// An endless or broken limit must not silence the service for ever.
  static let longest = 86_400.0
  private static let standard = 60.0
  /// The categories of what is sent: events with an exception, and those of any other kind.
  private static let known: Set<Substring> = ["error", "default"]

  /// Monotonic.
  private(set) var until = -Double.infinity

  func holds(at monotonic: Double) -> Bool { monotonic < until }

  /// - Parameters:
  ///   - monotonic: when the response came.
  ///   - date: the same in seconds since 1970.
  mutating func take(status: Int, headers: CurlHeaders, at monotonic: Double, date: Double) {
    let fields = headers.values(of: "X-Sentry-Rate-Limits").filter { !$0.allSatisfy(\.isWhitespace) }
    if !fields.isEmpty {
      for limit in fields.joined(separator: ",").split(separator: ",") { take(limit: limit, at: monotonic) }
    } else if status == 429 {
      let field = headers["Retry-After"] ?? ""
      let seconds = Self.seconds(field) ?? InstantReader.whole(field) { $0.http() }.map { Double($0.seconds) - date }
      extend(seconds ?? Self.standard, at: monotonic)
    }
  }

  /// `seconds:categories:scope:…`; no categories are all.
  private mutating func take(limit: Substring, at monotonic: Double) {
    let parts = limit.filter { !$0.isWhitespace }.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, let seconds = Self.seconds(parts[0]) else { return }
    let categories = parts[1].split(separator: ";")
    guard categories.isEmpty || categories.contains(where: Self.known.contains) else { return }
    extend(seconds, at: monotonic)
  }

  private mutating func extend(_ seconds: Double, at monotonic: Double) {
    until = max(until, monotonic + min(max(seconds, 0), Self.longest))
  }

  private static func seconds(_ text: some StringProtocol) -> Double? {
    guard let seconds = Double(text), seconds.isFinite, seconds >= 0 else { return nil }
    return seconds
  }
}

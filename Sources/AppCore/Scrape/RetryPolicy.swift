import Curl
import Instants
package import Timers
import Wording

/// Whether and when a fetch is tried again: backoff, or what the server asks for.
package struct RetryPolicy: Sendable {
  /// Tries in all, the first one included.
  package var maxAttempts: Int = 3
  package var backoff: Backoff = Backoff(base: .milliseconds(500), cap: .seconds(5))
  /// A server that asks for a longer `Retry-After` is not tried again.
  package var maxRetryAfter: Duration = .seconds(30)

  /// How long to wait after the failed try number `attempt` (from 1), nil to give up.
  /// - Parameters:
  ///   - retryAfter: what the response's `Retry-After` asks for.
  ///   - random: 0..<1.
  func delay(after attempt: Int, retryAfter: Duration? = nil, random: Double) -> Duration? {
    guard attempt < maxAttempts else { return nil }
    if let retryAfter { return retryAfter <= maxRetryAfter ? max(retryAfter, backoff.base) : nil }
    return backoff.delay(after: attempt, random: random)
  }

  /// Reads a `Retry-After` field: seconds or a date; nil for anything else.
  /// - Parameter now: the server's time in seconds since 1970, to count a date from.
  /// - Source: RFC 9110 §10.2.3.
  static func retryAfter(_ field: String, at now: Double) -> Duration? {
    let longest = 86_400
    if !field.isEmpty, field.allSatisfy({ $0.isASCII && $0.isNumber }) {
      return .seconds(min(Int(field) ?? longest, longest))
    }
    return time(field).map { .seconds(min(max($0 - now, 0), Double(longest))) }
  }

  /// Seconds since 1970 of a date in a field; nil for anything else.
  static func time(_ field: String) -> Double? { InstantReader.whole(field) { $0.http() }.map { Double($0.seconds) } }

  static func isTransient(status: Int) -> Bool { status == 429 || (500...599).contains(status) }
}

import Curl
import Testing

@testable import Sentry

struct SentryRateLimitsTests {
  @Test(
    "how long nothing is sent",
    arguments: [
      (200, [], 0),
      (429, [], 60),
      (429, [("Retry-After", "120")], 120),
      (429, [("retry-after", "2.5")], 2.5),
      (429, [("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")], 100),
      (429, [("Retry-After", "soon")], 60),
      (503, [("Retry-After", "120")], 0),
      (200, [("X-Sentry-Rate-Limits", "60:error:organization")], 60),
      (429, [("x-sentry-rate-limits", "60:transaction:key, 2700:default;error;security:organization")], 2_700),
      (429, [("X-Sentry-Rate-Limits", "60::organization, 2700::organization")], 2_700),
      (429, [("X-Sentry-Rate-Limits", "2700:transaction:key"), ("Retry-After", "2700")], 0),
      (429, [("X-Sentry-Rate-Limits", "10:error:key:quota_exceeded:custom:more")], 10),
      (429, [("X-Sentry-Rate-Limits", "10:what;error:key")], 10),
      (429, [("X-Sentry-Rate-Limits", "10:what:key")], 0),
      (429, [("X-Sentry-Rate-Limits", "x:error:key, -5:error:key, :error, nan:error:key, inf::x, 7 : error : key")], 7),
      (429, [("X-Sentry-Rate-Limits", "5:error:key"), ("X-Sentry-Rate-Limits", "9:error:key")], 9),
      (429, [("X-Sentry-Rate-Limits", "  "), ("Retry-After", "3")], 3),
      (429, [("Retry-After", "1e300")], SentryRateLimits.longest),
    ] as [(Int, [(String, String)], Double)])
  func limits(status: Int, headers: [(String, String)], seconds: Double) {
    var limits = SentryRateLimits()
    limits.take(
      status: status, headers: CurlHeaders(headers.map { (name: $0.0, value: $0.1) }), at: 1_000,
      date: 784_111_777 - 100)
    #expect(limits.holds(at: 1_000) == (seconds > 0))
    if seconds > 0 {
      #expect(limits.holds(at: 1_000 + seconds - 0.1) && !limits.holds(at: 1_000 + seconds))
    }
  }

  @Test("a shorter limit takes nothing from a longer one")
  func longest() {
    var limits = SentryRateLimits()
    limits.take(status: 429, headers: CurlHeaders([(name: "Retry-After", value: "100")]), at: 0, date: 0)
    limits.take(status: 429, headers: CurlHeaders([(name: "Retry-After", value: "1")]), at: 10, date: 10)
    #expect(limits.until == 100)
  }
}

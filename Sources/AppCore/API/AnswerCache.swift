package import AppCache
import HTTPTypes
import Hummingbird
package import Telemetry

/// Answers that are made of the schedule: one that was made before is sent again until it is too old or the schedule changes,
/// and on while the store is away.
package final class AnswerCache: Sendable {
  /// Which answer: the route, and what was asked of it in one form.
  struct Key: Hashable {
    enum Route { case legacy, duties, doctors, changes, calendar }

    var route: Route
    var question: String
  }

  private static let cacheStatus = HTTPField.Name("Cache-Status")
  private static let age = HTTPField.Name("Age")

  private let cache: FillCache<Key, KeptAnswer>
  private let cacheControl: String
  /// Whether anything is kept.
  let isKeeping: Bool
  private let served: [FillCache<Key, KeptAnswer>.Origin: Counter]

  /// - Parameters:
  ///   - registry: where answers are counted.
  ///   - now: seconds; its origin doesn't matter, as long as it never goes back.
  ///   - isAway: whether an error says that the store is away. Asked once of each error.
  package init(
    _ limits: CacheLimits = CacheLimits(), registry: MetricsRegistry, now: @escaping @Sendable () -> Double,
    isAway: @escaping @Sendable (any Error) -> Bool
  ) {
    isKeeping = limits.lifetime > 0
    cache = FillCache(limits, now: now, isAway: isAway)
    let answers = registry.counter(
      "schedule_answers_total", "Answers made of the schedule, by where they came from.", labels: ["origin"])
    served = [.kept: answers.with("kept"), .made: answers.with("made"), .stale: answers.with("stale")]
    // Others on the way may show what is a minute old, and that for as long as this one would while they ask anew.
    // Source: RFC 9111 §5.2.2, RFC 5861 §3.
    let fresh = Int(min(60, limits.lifetime / 5))
    cacheControl =
      fresh == 0
      ? "no-cache" : "public, max-age=\(fresh), stale-while-revalidate=\(Int(limits.lifetime) - fresh)"
  }

  /// Call when rows have changed, before telling anybody that they have.
  package func scheduleChanged() { cache.invalidate() }

  /// What it holds now.
  package var size: (count: Int, cost: Int) { cache.size }

  /// - Parameter make: the body's bytes.
  func response(
    to request: Request, _ route: Key.Route, _ question: String, contentType: String = "application/json",
    make: @escaping @Sendable () async throws -> [UInt8]
  ) async throws -> Response {
    let found = try await cache.value(for: Key(route: route, question: question)) { [cacheControl] in
      let answer = KeptAnswer(try await make(), contentType: contentType, cacheControl: cacheControl)
      return .init(answer, cost: answer.cost + question.utf8.count)
    }
    served[found.origin]?.increment()
    var response = found.value.response(to: request)
    if found.origin == .stale {
      if let name = Self.age { response.headers[name] = String(Int(found.age)) }
      // Source: RFC 9211 §2.2: it was asked for again because it was stale.
      if let name = Self.cacheStatus { response.headers[name] = "outgrown; fwd=stale; detail=\"the store is away\"" }
    }
    return response
  }
}

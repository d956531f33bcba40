package import AppCache
import HTTPService
import HTTPTypes
import Hummingbird
package import Telemetry

/// Answers that are made of the schedule: one that was made before is sent again until it is too old or the schedule changes,
/// and on while the store is away.
package final class AnswerCache: Sendable {
  /// Which answer: the route, and what was asked of it in one form.
  struct Key: Hashable {
    enum Route: String { case legacy, duties, doctors, changes, calendar }

    var route: Route
    var question: String

    init(_ route: Route, _ question: String) {
      self.route = route
      self.question = question
    }
  }

  private let cache: FillCache<Key, KeptAnswer>
  private let cacheControl: String
  private let shared: SharedBodies?
  private let isKeeping: Bool
  private let served: [FillCache<Key, KeptAnswer>.Origin: Counter]
  private let looks: Family<Counter>?

  /// - Parameters:
  ///   - shared: what other instances have made; nil where nothing is shared.
  ///   - registry: where answers are counted.
  ///   - now: seconds; its origin doesn't matter, as long as it never goes back.
  ///   - isAway: whether an error says that the store is away. Asked once of each error.
  package init(
    _ limits: CacheLimits = CacheLimits(), shared: SharedBodies? = nil, registry: MetricsRegistry,
    now: @escaping @Sendable () -> Double, isAway: @escaping @Sendable (any Error) -> Bool
  ) {
    isKeeping = limits.lifetime > 0
    self.shared = isKeeping ? shared : nil
    cache = FillCache(limits, now: now, isAway: isAway)
    let answers = registry.counter(
      "schedule_answers_total", "Answers made of the schedule, by where they came from.", labels: ["origin"])
    served = [.kept: answers.with("kept"), .made: answers.with("made"), .stale: answers.with("stale")]
    looks = self.shared.map { _ in
      let looks = registry.counter(
        "shared_answers_total", "Answers that Redis was asked for, by what came of it.", labels: ["result"])
      for look in SharedLook.allCases { _ = looks.with(look.rawValue) }
      return looks
    }
    // Others on the way may show what is a minute old, and that for as long as this one would while they ask anew.
    // Source: RFC 9111 §5.2.2, RFC 5861 §3.
    let fresh = Int(min(60, limits.lifetime / 5))
    cacheControl =
      fresh == 0
      ? "no-cache" : "public, max-age=\(fresh), stale-while-revalidate=\(Int(limits.lifetime) - fresh)"
  }

  /// Call when rows have changed, before telling anybody that they have.
  package func scheduleChanged() {
    // In this order: what is made after the one is looked for after the other.
    shared?.invalidate()
    cache.invalidate()
  }

  /// Where answers are kept now.
  var place: String { !isKeeping ? "off" : shared?.isThere == true ? "redis" : "memory" }

  /// What it holds now.
  package var size: (count: Int, cost: Int) { cache.size }

  /// What is kept and not too old. Never waits.
  func kept(_ key: Key) -> KeptAnswer? {
    guard let found = cache.kept(key) else { return nil }
    served[.kept]?.increment()
    return found
  }

  /// - Parameter make: the body's bytes.
  func response(
    to request: Request, _ key: Key, contentType: String = "application/json",
    make: @escaping @Sendable () async throws -> [UInt8]
  ) async throws -> Response {
    let found = try await cache.value(for: key) { [cacheControl, isKeeping] in
      let body = try await self.body(for: key, make)
      let answer = KeptAnswer(
        body.bytes, contentType: contentType, cacheControl: cacheControl, isKept: isKeeping)
      return .init(answer, cost: answer.cost + key.question.utf8.count, age: body.age)
    }
    served[found.origin]?.increment()
    var response = found.value.response(to: request)
    if found.origin == .stale {
      response.headers[.age] = String(Int(found.age))
      // Source: RFC 9211 §2.2: it was asked for again because it was stale.
      response.headers[.cacheStatus] = "outgrown; fwd=stale; detail=\"the store is away\""
    }
    return response
  }

  private enum SharedLook: String, CaseIterable { case hit, miss, away }

  private func body(
    for key: Key, _ make: @Sendable () async throws -> [UInt8]
  ) async throws -> (bytes: [UInt8], age: Double) {
    guard let shared else { return (try await make(), 0) }
    let name = "\(key.route.rawValue)\n\(key.question)"
    let look: SharedLook
    defer { looks?.with(look.rawValue).increment() }
    switch await shared.look(for: name) {
    case .found(let bytes, let age):
      look = .hit
      return (bytes, age)
    case .missing(let word):
      look = .miss
      let bytes = try await make()
      shared.keep(bytes, for: name, under: word)
      return (bytes, 0)
    case .away:
      look = .away
      return (try await make(), 0)
    }
  }
}

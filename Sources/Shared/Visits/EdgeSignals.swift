/// Who answered a request, by the signs that a hosting platform's edge leaves in its answers.
package enum EdgeClass: String, Codable, Sendable, CaseIterable {
  /// The app itself answered.
  case awake
  /// The edge answered for a service that sleeps or wakes.
  case asleep
  /// The edge's own `/robots.txt`: the service sleeps, and this request neither wakes nor measures it.
  case edgeRobots = "edge_robots"
  /// The service should run and can't be reached, or could not be started.
  case down
  /// The platform or the owner has stopped it: requests don't wake it.
  case suspended
  /// Nothing is deployed under this name.
  case misrouted
  /// An answer without any sign of an edge: the service itself, or a platform that is not known here.
  case unmarked
  /// A sign that decides nothing.
  case unknown
}

/// One sign, where and when it was seen.
package struct EdgeSignal: Sendable, Equatable {
  /// The value of `x-render-routing`.
  package var routing: String
  package var status: Int
  package var edgeClass: EdgeClass
  package var meaning: String
  package var seen: String
}

/// What the answers of Render's edge mean. Recorded from public captures, not documented by the platform:
/// `outgrown monitor verify-sensor` checks them on one's own service.
package enum EdgeSignals {
  package static let pendingWake = EdgeSignal(
    routing: "hibernate-pending-wake", status: 503, edgeClass: .asleep,
    meaning: "asleep or waking: the edge's loading page", seen: "2026-07-16 and 2026-09-21, public captures")
  package static let wakeError = EdgeSignal(
    routing: "hibernate-wake-error", status: 503, edgeClass: .down,
    meaning: "the wake failed or timed out, often because the app crashed at start",
    seen: "2026-09-30, several public captures")
  package static let freeError = EdgeSignal(
    routing: "dynamic-free-error", status: 502, edgeClass: .down, meaning: "the free instance can't be reached",
    seen: "2026, a public capture")
  package static let paidError = EdgeSignal(
    routing: "dynamic-paid-error", status: 502, edgeClass: .down,
    meaning: "the paid instance can't be reached or restarts", seen: "2026, a public capture")
  package static let suspended = EdgeSignal(
    routing: "suspend", status: 503, edgeClass: .suspended,
    meaning: "suspended by the platform, for example because the free hours are spent; requests can't wake it",
    seen: "2026, a public capture")
  /// What the edge itself says at `/robots.txt` for a service that sleeps.
  package static let robotsText = "User-agent: *\nDisallow: /"

  package static let all: [EdgeSignal] = [
    pendingWake,
    EdgeSignal(
      routing: "dynamic-hibernate-error-503", status: 503, edgeClass: .asleep,
      meaning: "asleep or waking, by the name that was used in 2025", seen: "2025, a public capture"),
    wakeError,
    freeError,
    paidError,
    suspended,
    EdgeSignal(
      routing: "suspend-by-user", status: 503, edgeClass: .suspended, meaning: "suspended by its owner",
      seen: "2026, a public capture"),
    EdgeSignal(
      routing: "no-server", status: 404, edgeClass: .misrouted,
      meaning: "no service has this name: mistyped, deleted or never deployed", seen: "2026, a public capture"),
    EdgeSignal(
      routing: "rate-limited", status: 429, edgeClass: .unknown,
      meaning: "throttled by the edge, which says nothing about the service", seen: "2026, a public capture"),
  ]

  /// What an answer tells: its class, and the meaning in words.
  ///
  /// - Parameters:
  ///   - headers: the first value of a header, asked by its name in lower case.
  ///   - path: of the request, without its query.
  package static func classify(
    status: Int, headers: (String) -> String?, body: some Sequence<UInt8>, path: String
  ) -> (edgeClass: EdgeClass, meaning: String) {
    if headers("x-render-origin-server") != nil { return (.awake, "the app answered") }
    if let routing = headers("x-render-routing")?.lowercased() {
      guard let signal = all.first(where: { $0.routing == routing }) else {
        return (.unknown, "the edge says “\(routing.prefix(60))”, which is not known here")
      }
      return (signal.edgeClass, signal.meaning)
    }
    if path == "/robots.txt", status == 200, isEdgeRobots(body) {
      return (.edgeRobots, "the edge's own robots.txt: asleep, and not woken by this")
    }
    if headers("rndr-id") != nil { return (.unknown, "it came through the edge, which does not say who answered") }
    return (.unmarked, "answered, by no edge that is known here")
  }

  /// `User-agent: *` and `Disallow: /`, nothing else; line ends and spaces around them don't matter.
  private static func isEdgeRobots(_ body: some Sequence<UInt8>) -> Bool {
    let text = String(decoding: Array(body.prefix(256)), as: UTF8.self).lowercased()
    let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    return lines == ["user-agent:*", "disallow:/"]
  }
}

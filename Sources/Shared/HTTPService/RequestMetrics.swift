import Synchronization
import Telemetry

/// Counts answered requests by method, route template and status, and how long they took by route.
///
/// A request is counted before its answer is written, so that a client that has read it finds it counted.
final class RequestMetrics: Sendable {
  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"]

  private let templates: [String]
  private let indexes: [String: Int]
  private let requests: Family<Counter>
  private let durations: [DurationBuckets]
  /// Counters by route, method and status, so that a request costs no string.
  private let counters = Mutex<[Int: Counter]>([:])

  /// The route of requests that no template matches.
  let unmatched: Int

  init(registry: MetricsRegistry, templates: [String]) {
    self.templates = templates + ["unmatched"]
    unmatched = templates.count
    indexes = Dictionary(uniqueKeysWithValues: templates.enumerated().map { ($1, $0) })
    requests = registry.counter(
      "http_requests_total", "Requests answered.", labels: ["method", "route", "status"],
      limit: self.templates.count * Self.methods.count * 20)
    let family = registry.durations(
      "http_request_duration_seconds", "From the request's head to the answer's, before it is written.",
      labels: ["route"], limit: self.templates.count)
    durations = self.templates.map { family.with($0) }
  }

  /// The route index of a template of the router; `unmatched` when it isn't one.
  func index(ofTemplate template: String) -> Int { indexes[template] ?? unmatched }

  func record(method: String, route: Int, status: Int, nanoseconds: Int64) {
    let method = Self.methods.firstIndex(of: method) ?? Self.methods.count - 1
    let key = (route << 3 | method) << 10 | status & 1023
    let counter = counters.withLock { counters in
      if let known = counters[key] { return known }
      let new = requests.with(Self.methods[method], templates[route], String(status))
      counters[key] = new
      return new
    }
    counter.increment()
    durations[route].record(nanoseconds: nanoseconds)
  }
}

import AppAPI
import AppCache
import AppDomain
import AppStore
import HTTPService
import Hummingbird
import Synchronization
import Telemetry
import TestSupport
import Testing

/// A source that answers what it is told to.
final class ScriptedSource: ScheduleSource {
  struct Failure: Error, CustomStringConvertible {
    var description = "the portal answered 500"
  }

  private let result: Mutex<Result<ScheduleReading, Failure>>

  init(_ reading: ScheduleReading) { result = Mutex(.success(reading)) }

  func answer(_ reading: ScheduleReading) { result.withLock { $0 = .success(reading) } }
  func fail() { result.withLock { $0 = .failure(Failure()) } }

  func read() async throws -> ScheduleReading { try result.withLock { $0 }.get() }
}

/// A clock that a test sets; seconds since 1970.
final class SetClock: Sendable {
  private let seconds = Mutex(1_795_480_100.0)

  var now: Double { seconds.withLock { $0 } }

  func advance(by step: Double) { seconds.withLock { $0 += step } }
}

/// The real API over a real SQLite file and a real socket, with a scripted source.
struct ServiceUnderTest {
  let port: Int
  /// Where kept answers are given in front of the router.
  let frontPort: Int
  let inbound: InboundLog
  let frontInbound: InboundLog
  let source: ScriptedSource
  let answers: AnswerCache
  /// The service's clock, in seconds.
  let clock: SetClock

  func get(_ path: String, headers: [String: String] = [:]) async throws -> WireResponse {
    try await WireClient.send("GET", path, port: port, headers: headers)
  }

  func ingest() async throws -> WireResponse { try await WireClient.send("POST", "/ingest-scraped-data", port: port) }

  /// The value of one line of `/metrics`, named with its labels.
  func metric(_ name: String) async throws -> String? {
    try await get("/metrics").body.split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  static func run(
    cache limits: CacheLimits = CacheLimits(cost: 1 << 20), store broken: (any ScheduleStore)? = nil,
    ingestLimit: IngestLimit? = nil, admin: BearerToken? = nil,
    crossOrigin: CrossOrigin = CrossOrigin(), _ body: @Sendable (ServiceUnderTest) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let registry = MetricsRegistry()
      let boot = Boot(id: "boot-1", startedAt: 1_795_480_060.25, version: "9.9.9")
      let metrics = ScheduleMetrics(registry: registry, boot: boot)
      let clock = SetClock()
      let health = StoreHealth(now: { 0 }) { StoreOutage($0) }
      let answers = AnswerCache(limits, registry: registry, now: { clock.now }, isAway: { health.failed($0) != nil })
      let source = ScriptedSource(try week())
      let inbound = InboundLog(now: { 1_795_480_100 })
      let ingest = ScheduleIngest(source: source, store: store, now: { 1_795_480_061.5 }) { outcome in
        metrics.record(outcome)
        if !outcome.change.isEmpty { answers.scheduleChanged() }
      }
      // By default every scrape that is asked for is admitted.
      let minutes = Mutex(0.0)
      let patient = IngestLimit {
        minutes.withLock {
          $0 += 60
          return $0
        }
      }
      let api = ScheduleAPI(
        boot: boot, place: InstancePlace(instance: "i-1", region: "singapore"), store: broken ?? store, ingest: ingest,
        answers: answers, metrics: registry, inbound: inbound, health: health, ingestLimit: ingestLimit ?? patient,
        admin: admin, now: { clock.now })
      let v1 = V1API(finder: store, log: store, answers: answers, now: { clock.now })
      @Sendable func router() -> Router<ServiceContext> {
        let router = api.makeRouter()
        v1.addRoutes(to: router)
        return router
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await ingest.run() }
        _ = await ingest.ingest()
        let frontInbound = InboundLog(now: { 1_795_480_100 })
        let proxies = TrustedProxies()
        let front = ScheduleFront(answers: answers, inbound: frontInbound, proxies: proxies, now: { clock.now })
        try await withServer(router(), metrics: registry, crossOrigin: crossOrigin) { port in
          try await withServer(router(), crossOrigin: crossOrigin, front: front) { frontPort in
            try await body(
              ServiceUnderTest(
                port: port, frontPort: frontPort, inbound: inbound, frontInbound: frontInbound, source: source,
                answers: answers, clock: clock))
          }
        }
        group.cancelAll()
      }
    }
  }

  /// Two days: Monday with two rows, Tuesday with one.
  static func week() throws -> ScheduleReading {
    let monday = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    return ScheduleReading(days: [
      ScheduleDay(
        date: monday, sheet: "23/11/2026 MONDAY",
        duties: [
          Duty(category: .regular, name: "Dr. \"A\"", timing: "08:00-14:00", room: "3"),
          Duty(category: .visiting, name: "Dr. B", timing: "03:30 PM to 07:00 PM", speciality: "ENT"),
        ]),
      ScheduleDay(
        date: monday.adding(days: 1), sheet: "24/11/2026TUESDAY",
        duties: [Duty(category: .regular, name: "Dr. C", timing: "20:00-08:00", room: "1")]),
    ])
  }
}

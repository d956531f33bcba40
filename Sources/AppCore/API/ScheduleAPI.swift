package import AppDomain
import HTTPService
import HTTPTypes
package import Hummingbird
import Instants
import NIOCore
import Support
package import Telemetry

/// The routes of the service. Bodies are those that existing clients read.
package struct ScheduleAPI: Sendable {
  private static let name = "IITJ Doctor Schedule API"

  private let boot: Boot
  private let store: any ScheduleStore
  private let ingest: ScheduleIngest
  private let schedules: ScheduleResponses
  private let metrics: MetricsRegistry
  private let inbound: InboundLog
  private let isLeading: @Sendable () -> Bool

  /// - Parameter isLeading: whether this is the instance that scrapes on schedule.
  package init(
    boot: Boot, store: any ScheduleStore, ingest: ScheduleIngest, schedules: ScheduleResponses,
    metrics: MetricsRegistry, inbound: InboundLog, isLeading: @escaping @Sendable () -> Bool = { true }
  ) {
    self.isLeading = isLeading
    self.boot = boot
    self.store = store
    self.ingest = ingest
    self.schedules = schedules
    self.metrics = metrics
    self.inbound = inbound
  }

  package func makeRouter() -> Router<BasicRequestContext> {
    let router = ServiceRouter.make()
    router.add(middleware: InboundMiddleware(log: inbound))
    router.get("/") { _, _ in index }
    router.get("/health") { _, _ in health }
    router.get("/health/full") { _, _ in await fullHealth() }
    router.get("/schedules") { request, _ in try await schedules.response(to: request) }
    router.post("/ingest-scraped-data") { _, _ in await ingestNow() }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: MetricsRegistry.contentType],
        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.render())))
    }
    return router
  }

  private var index: Response {
    var json = JSONWriter()
    json.object { json in
      json.field("message", Self.name)
      json.field("version", "1.0.0")
      json.key("endpoints")
      json.object { json in
        json.field("schedules", "/schedules?date=DD/MM/YYYY")
        json.field("ingest", "/ingest-scraped-data (POST)")
        json.field("subscribe", "/subscribe (POST)")
        json.field("health", "/health")
      }
    }
    return .json(json)
  }

  private var health: Response {
    var json = JSONWriter()
    json.object { json in
      json.field("status", "healthy")
      json.field("service", Self.name)
      json.field("boot_id", boot.id)
      json.field("started_at", InstantText.utc(boot.startedAt))
      json.field("uptime_s", (boot.uptime.seconds * 1_000).rounded() / 1_000)
      json.field("version", boot.version)
      json.field("last_inbound_at", inbound.lastInboundAt.map(InstantText.utc))
      json.field("last_probe_at", inbound.lastProbeAt.map(InstantText.utc))
    }
    return .json(json)
  }

  private func fullHealth() async -> Response {
    let isReadable = (try? await store.ping()) != nil
    let outcome = await ingest.lastOutcome
    var json = JSONWriter()
    json.object { json in
      json.field("db", isReadable ? "initialized" : "unavailable")
      json.field("scheduler", isLeading() ? "running" : "standby")
      json.field("firebase", "not loaded")
      json.field("boot_id", boot.id)
      json.key("last_scrape")
      guard let outcome else { return json.string(nil) }
      json.object { json in
        json.field("status", outcome.status.rawValue)
        json.field("message", outcome.message)
        json.field("count", outcome.count)
        json.field("warnings", outcome.warnings.count)
        json.field("finished_at", InstantText.utc(outcome.finishedAt))
      }
    }
    return .json(json)
  }

  private func ingestNow() async -> Response {
    let outcome = await ingest.ingest()
    var json = JSONWriter()
    json.object { json in
      json.field("status", outcome.status.rawValue)
      json.field("message", outcome.message)
      json.field("count", outcome.count)
    }
    return .json(json)
  }
}

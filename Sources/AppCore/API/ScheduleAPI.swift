package import AppDomain
package import HTTPService
import HTTPTypes
package import Hummingbird
import Instants
import NIOCore
import Plans
package import Telemetry
import Wording

/// The routes of the service. Bodies are those that existing clients read.
package struct ScheduleAPI: Sendable {
  package static let name = "IITJ Doctor Schedule API"

  private let boot: Boot
  private let place: InstancePlace
  private let store: any ScheduleStore
  private let ingest: ScheduleIngest
  private let answers: AnswerCache
  private let metrics: MetricsRegistry
  private let inbound: InboundLog
  private let proxies: TrustedProxies
  private let health: StoreHealth
  private let ingestLimit: IngestLimit
  private let admin: BearerToken?
  private let isLeading: @Sendable () -> Bool
  private let waitingMessages: (@Sendable () async throws -> Int)?
  private let messageSpend: (@Sendable () async throws -> MessageSpendState)?
  private let reachesDevices: Bool
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - ingestLimit: for scrapes that are asked for without the token.
  ///   - admin: of the operator; nil where there is none.
  ///   - isLeading: whether this is the instance that scrapes on schedule.
  ///   - waitingMessages: how many wait to be sent; nil where none are.
  ///   - messageSpend: what messages to phones cost in this month; nil where none go there.
  ///   - reachesDevices: whether mobile clients are told by Firebase.
  ///   - now: seconds since 1970.
  package init(
    boot: Boot, place: InstancePlace, store: any ScheduleStore, ingest: ScheduleIngest, answers: AnswerCache,
    metrics: MetricsRegistry, inbound: InboundLog, proxies: TrustedProxies = TrustedProxies(), health: StoreHealth,
    ingestLimit: IngestLimit, admin: BearerToken? = nil, isLeading: @escaping @Sendable () -> Bool = { true },
    waitingMessages: (@Sendable () async throws -> Int)? = nil,
    messageSpend: (@Sendable () async throws -> MessageSpendState)? = nil, reachesDevices: Bool = false,
    now: @escaping @Sendable () -> Double
  ) {
    self.place = place
    self.waitingMessages = waitingMessages
    self.messageSpend = messageSpend
    self.reachesDevices = reachesDevices
    self.now = now
    self.proxies = proxies
    self.health = health
    self.ingestLimit = ingestLimit
    self.admin = admin
    self.isLeading = isLeading
    self.boot = boot
    self.store = store
    self.ingest = ingest
    self.answers = answers
    self.metrics = metrics
    self.inbound = inbound
  }

  package func makeRouter() -> Router<ServiceContext> {
    let router = ServiceRouter.make()
    router.add(middleware: InboundMiddleware(log: inbound, proxies: proxies))
    router.add(middleware: OutageMiddleware(health: health))
    DocumentAPI().addRoutes(to: router)
    router.get("/health") { _, _ in shortHealth }
    router.get("/health/full") { _, _ in await fullHealth() }
    router.get("/robots.txt") { _, _ in robots }
    router.get("/schedules") { request, _ in try await duties(request) }
    router.post("/ingest-scraped-data") { request, _ in await ingestNow(request) }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: MetricsRegistry.contentType],
        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.render())))
    }
    return router
  }

  /// Crawlers may read the first page. The comment tells it from what a platform's edge answers while the service sleeps.
  /// Source: RFC 9309 §2.2.2 and §2.2.3: the longest match counts, `$` ends a path.
  private var robots: Response {
    let text = "# \(Self.name), boot \(boot.id)\nUser-agent: *\nAllow: /$\nDisallow: /\n"
    return Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-cache"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private var shortHealth: Response {
    var json = JSONWriter()
    json.object { json in
      json.field("status", "healthy")
      json.field("service", Self.name)
      json.field("boot_id", boot.id)
      json.field("instance", place.instance)
      json.field("region", place.region)
      json.field("plan", place.plan)
      json.field("started_at", InstantText.utc(boot.startedAt))
      json.field("uptime_s", (boot.uptime.seconds * 1_000).rounded() / 1_000)
      json.field("version", boot.version)
      json.field("last_inbound_at", inbound.lastInboundAt.map(InstantText.utc))
      json.field("last_probe_at", inbound.lastProbeAt.map(InstantText.utc))
    }
    return .json(json)
  }

  /// Characters of `date`; a worksheet's name has 100 at most.
  private static let longestDate = 100

  /// Of whatever else stands in the query nothing is said, as it always was.
  private func duties(_ request: Request) async throws -> Response {
    let fragment = try Self.fragment(request.uri.query)
    return try await answers.response(to: request, .init(.legacy, fragment)) { [store] in
      ScheduleJSON.encode(try await store.duties(sheetContaining: fragment)).bytes
    }
  }

  private static func fragment(_ query: String?) throws(HTTPProblem) -> String {
    let fragment = try QueryText.last("date", of: query) ?? ""
    guard fragment.unicodeScalars.count <= longestDate else {
      throw HTTPProblem(.unprocessableContent, "date: at most \(longestDate) characters were expected")
    }
    return fragment
  }

  static func key(_ query: String?) throws(HTTPProblem) -> AnswerCache.Key { .init(.legacy, try fragment(query)) }

  private func fullHealth() async -> Response {
    let isReadable = (try? await store.ping()) != nil
    let scrapedAt = isReadable ? (try? await store.scrapedAt()) ?? nil : nil
    let waiting = isReadable ? try? await waitingMessages?() : nil
    let spend = isReadable ? try? await messageSpend?() : nil
    let outcome = await ingest.lastOutcome
    var json = JSONWriter()
    json.object { json in
      json.field("db", !isReadable ? "unavailable" : health.isFull ? "full" : "initialized")
      json.field("cache", answers.place)
      json.field("scheduler", isLeading() ? "running" : "standby")
      json.field("firebase", reachesDevices ? "loaded" : "not loaded")
      json.field("boot_id", boot.id)
      json.key("scrape_age_s")
      if let scrapedAt { json.number((max(0, now() - scrapedAt) * 1_000).rounded() / 1_000) } else { json.string(nil) }
      json.key("outbox")
      if let waiting { json.number(waiting) } else { json.string(nil) }
      if messageSpend != nil {
        json.key("messages")
        if let spend { Self.write(spend, &json) } else { json.string(nil) }
      }
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
    var response = Response.json(json, status: isReadable ? .ok : .serviceUnavailable)
    response.headers[.cacheControl] = "no-store"
    return response
  }

  private static func write(_ spend: MessageSpendState, _ json: inout JSONWriter) {
    json.object { json in
      json.field("month_dollars", spend.spent.decimalText)
      json.field("cap_dollars", spend.cap.decimalText)
      json.key("stopped")
      json.array { json in
        for channel in spend.held { json.string(channel) }
      }
    }
  }

  private func ingestNow(_ request: Request) async -> Response {
    if admin?.isShown(by: request) != true, let refused = ingestLimit.admit() {
      let count = await ingest.lastOutcome?.count ?? 0
      var response = Self.answer(.warning, "scraped \(refused.since) s ago", count: count, status: .tooManyRequests)
      response.headers[.retryAfter] = String(refused.wait)
      return response
    }
    let outcome = await ingest.ingest()
    guard outcome.isStoreFailure else { return Self.answer(outcome.status, outcome.message, count: outcome.count) }
    var response = Self.answer(outcome.status, outcome.message, count: outcome.count, status: .serviceUnavailable)
    response.headers[.retryAfter] = String((health.isFull ? StoreOutage.full : .away).retryAfter)
    return response
  }

  private static func answer(
    _ result: IngestOutcome.Status, _ message: String, count: Int, status: HTTPResponse.Status = .ok
  ) -> Response {
    var json = JSONWriter()
    json.object { json in
      json.field("status", result.rawValue)
      json.field("message", message)
      json.field("count", count)
    }
    return .json(json, status: status)
  }
}

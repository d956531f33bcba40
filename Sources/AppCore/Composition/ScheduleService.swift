import AppAPI
import AppDomain
import AppSchedule
import AppStore
import Curl
import Evidence
import Foundation
import HTTPService
import Logging
import ServiceLifecycle
import Support
import Telemetry
import Wording

/// The whole service, put together: store, scraper, HTTP.
struct ScheduleService {
  private let configuration: ServeConfiguration
  private let logger: Logger

  init(_ configuration: ServeConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// Runs until SIGTERM or SIGINT.
  /// - Throws: `StoreError`, `HTTPServiceError`.
  func run() async throws {
    let boot = Boot(startedAt: CampusClock.now(), version: Version.string)
    var logger = logger
    logger[metadataKey: "boot_id"] = "\(boot.id)"
    let readyFile = configuration.readyFile.map { ReadyFile(path: $0) }
    try readyFile?.clear()
    defer { try? readyFile?.clear() }

    let store = try await configuration.database.open { [logger] retry in StoreLog.write(retry, to: logger) }
    let registry = MetricsRegistry()
    let metrics = ScheduleMetrics(registry: registry, boot: boot)
    metrics.set(rows: try await store.rowCounts().values.reduce(0, +))
    let inbound = InboundLog(now: CampusClock.now)
    let curl = try CurlClient()
    defer { curl.shutdown() }
    let schedules = ScheduleResponses(store: store)
    let origin = ContinuousClock.now
    let monotonic: @Sendable () -> Double = { origin.duration(to: .now).seconds }
    let health = StoreHealth(now: monotonic) { StoreOutage($0) }
    let access = configuration.access
    let seat = LeaderSeat()
    let ingest = ScheduleIngest(
      source: ScheduleSources.make(configuration.source, client: curl), store: store,
      leader: { [seat] in if let term = seat.term { term } else { try await store.leader() } }, now: CampusClock.now,
      onOutcome: { [logger] outcome in
        metrics.record(outcome)
        if !outcome.change.isEmpty { schedules.scheduleChanged() }
        IngestLog.write(outcome, to: logger)
      }, onStoreFailure: { health.failed($0) })
    let api = ScheduleAPI(
      boot: boot, store: store, ingest: ingest, schedules: schedules, metrics: registry, inbound: inbound,
      proxies: access.proxies, health: health, ingestLimit: IngestLimit(now: monotonic), admin: access.admin,
      isLeading: { seat.term != nil })
    let notifications = try NotificationServices(
      configuration.notifications, access: access, store: store, registry: registry, logger: logger,
      monotonic: monotonic
    ) { seat.term }
    let router = api.makeRouter()
    notifications.api.addRoutes(to: router)
    let heartbeat = try configuration.heartbeat.map {
      try HeartbeatService($0, boot: boot, inbound: inbound, logger: logger)
    }
    let election = LeaderElection(
      holder: boot.id, store: ObservedLeaderStore(store: store, health: health), seat: seat, logger: logger,
      wait: { try await ThreadWait.sleep(for: $0) },
      onChange: metrics.set(leading:))
    let schedule = ScrapeSchedule(
      ScrapeTimetable(configuration.scrapes, seed: boot.seed), seat: seat, store: store, logger: logger,
      now: CampusClock.now, wait: { try await ThreadWait.sleep(for: $0) }, scrape: { await ingest.ingest() })
    let backup = configuration.backup.map { $0.service(of: configuration.database, seat: seat, logger: logger) }
    let readiness = Readiness(readyFile: readyFile, bootID: boot.id, logger: logger) {
      await schedule.firstDecision()
    }
    let opening = Opening()
    let server = HTTPServer(
      router: router, address: configuration.address, metrics: registry, delay: configuration.delay,
      proxies: access.proxies, logger: logger
    ) { address in
      opening.open()
      inbound.isReady()
      heartbeat?.isListening()
      readiness.isListening(at: address)
    }
    // Stopped from the last to the first: a monitor hears of it first, whoever waits for a scrape is answered before the
    // connections close, and the lead is given back when nothing is written under it any more. What writes or leads waits
    // for the port: a second service that was started by mistake ends without a trace.
    let recorder = BootRecorder(boot: boot, inbound: inbound, store: store, logger: logger)
    let services: [any Service] =
      [opening.before(recorder), server, readiness, opening.before(election), opening.before(schedule)]
      + [IngestService(ingest: ingest)] + notifications.services.map(opening.before)
      + [backup.map(opening.before), heartbeat].compactMap(\.self)
    try await ServiceRun.untilSignalled(services, logger: logger, sayAndCode: StoreFailure.sayAndCode)
    try await store.close()
    logger.info("stopped")
  }
}

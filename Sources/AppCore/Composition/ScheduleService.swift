import AppAPI
import AppCache
import AppDomain
import AppSchedule
import AppStore
import Curl
import Evidence
import Foundation
import HTTPService
import Logging
import Postgres
import Sentry
import ServiceLifecycle
import Services
import Telemetry
import Timers
import Wording

/// The whole service, put together: store, scraper, HTTP.
struct ScheduleService {
  private let configuration: ServeConfiguration
  private let logger: Logger

  init(_ configuration: ServeConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// Runs until SIGTERM or SIGINT. Sentry hears of what ends it otherwise.
  /// - Throws: `StoreError`, `HTTPServiceError`.
  func run() async throws {
    let boot = Boot(startedAt: CampusClock.now(), version: Version.string)
    var logger = logger
    logger[metadataKey: "boot_id"] = "\(boot.id)"
    let timers = try TimerThread(logger: logger)
    let registry = MetricsRegistry()
    let origin = ContinuousClock.now
    let monotonic: @Sendable () -> Double = { origin.duration(to: .now).seconds }
    let sentry = try configuration.sentry.map {
      try SentryService(
        $0, version: boot.version, registry: registry, logger: logger, now: CampusClock.now, monotonic: monotonic,
        wait: timers.wait)
    }
    if let sentry { logger = sentry.watching(logger) }
    do {
      try await run(
        boot, registry: registry, sentry: sentry, timers: timers, monotonic: monotonic, logger: logger)
    } catch {
      await sentry?.finish(StoreError.explaining(error) ?? error, logger: logger)
      throw error
    }
    await sentry?.finish(logger: logger)
  }

  private func run(
    _ boot: Boot, registry: MetricsRegistry, sentry: SentryService?, timers: TimerThread,
    monotonic: @escaping @Sendable () -> Double, logger: Logger
  ) async throws {
    let readyFile = configuration.readyFile.map { ReadyFile(path: $0) }
    try readyFile?.clear()
    defer { try? readyFile?.clear() }

    let store = try await configuration.database.open { [logger] retry in StoreLog.write(retry, to: logger) }
    try await configuration.hasIndexes ? store.refuseScratch() : store.becomeScratch()
    let metrics = ScheduleMetrics(registry: registry, boot: boot)
    metrics.set(rows: try await store.rowCounts().values.reduce(0, +))
    let inbound = InboundLog(now: CampusClock.now)
    let curl = try CurlClient()
    defer { curl.shutdown() }
    let health = StoreHealth(now: monotonic) { StoreOutage($0) }
    let shared = try configuration.redis.map {
      try $0.bodies(lifetime: configuration.cache.lifetime, registry: registry, logger: logger)
    }
    let answers = AnswerCache(
      configuration.cache, shared: shared, registry: registry, now: monotonic, isAway: { health.failed($0) != nil })
    let bell = Bell()
    let follower = try store.followChanges { [logger] event in
      switch event {
      // What it may have missed counts as changed.
      case .listening, .changed:
        answers.scheduleChanged()
        bell.ring()
      case .lost: break
      }
      StoreLog.write(event, to: logger)
    }
    defer { follower?.close() }
    let access = configuration.access
    let seat = LeaderSeat()
    let ingest = ScheduleIngest(
      source: ScheduleSources.make(configuration.source, client: curl, wait: timers.wait), store: store,
      leader: { [seat] in if let term = seat.term { term } else { try await store.leader() } }, now: CampusClock.now,
      onOutcome: { [logger] outcome in
        metrics.record(outcome)
        if !outcome.change.isEmpty { answers.scheduleChanged() }
        // Also one that changed nothing confirms what the one before it found.
        if outcome.status == .success { bell.ring() }
        IngestLog.write(outcome, to: logger)
      }, onStoreFailure: { health.failed($0) })
    var waiting: (@Sendable () async throws -> Int)?
    if configuration.notifications.hasChannel { waiting = { try await store.outboxCounts().waiting } }
    let spend = configuration.notifications.twilio.map { twilio in
      { @Sendable in
        MessageSpendState(try await store.spending(in: SpendMonth(at: CampusClock.now())), cap: twilio.cap)
      }
    }
    let api = ScheduleAPI(
      boot: boot, place: configuration.place, store: store, ingest: ingest, answers: answers, metrics: registry,
      inbound: inbound, proxies: access.proxies, health: health, ingestLimit: IngestLimit(now: monotonic),
      admin: access.admin.token,
      isLeading: { seat.term != nil },
      waitingMessages: waiting, messageSpend: spend, reachesDevices: configuration.notifications.fcm != nil,
      now: CampusClock.now)
    let notifications = try NotificationServices(
      configuration.notifications, access: access, store: store, client: curl, registry: registry,
      logger: logger, monotonic: monotonic, wait: timers.wait,
      // Where nobody tells of what another process did to the database, looking costs nobody a sleeping one.
      upTo: follower == nil
        ? min(configuration.notifications.interval, .seconds(60)) : configuration.notifications.interval,
      woken: bell
    ) { seat.term }
    let router = api.makeRouter()
    notifications.api.addRoutes(to: router)
    notifications.phones.addRoutes(to: router)
    V1API(finder: store, log: store, answers: answers, now: CampusClock.now).addRoutes(to: router)
    OperatorAPI(subscribers: store, devices: store, tester: notifications.tester, access: access.admin)
      .addRoutes(to: router)
    DeviceAPI(
      store: store, limit: access.limit(monotonic), maximumDevices: access.maximumDevices,
      proxies: access.proxies, now: CampusClock.now, onSubscription: bell.ring
    ).addRoutes(to: router)
    let heartbeat = try configuration.heartbeat.map {
      try HeartbeatService($0, boot: boot, inbound: inbound, logger: logger, wait: timers.wait)
    }
    let election = LeaderElection(
      holder: boot.id, store: ObservedLeaderStore(store: store, health: health), seat: seat, logger: logger,
      wait: timers.wait
    ) { isLeading in
      metrics.set(leading: isLeading)
      bell.ring()
    }
    let schedule = ScrapeSchedule(
      ScrapeTimetable(configuration.scrapes, seed: boot.seed), seat: seat, store: store, logger: logger,
      now: CampusClock.now, wait: timers.wait, scrape: { await ingest.ingest() })
    let backup = configuration.backup.map {
      $0.service(of: configuration.database, seat: seat, logger: logger, wait: timers.wait)
    }
    let readiness = Readiness(readyFile: readyFile, bootID: boot.id, logger: logger) {
      await schedule.decided.value()
    }
    let opening = Once<Void>()
    let server = HTTPServer(
      router: router, address: configuration.address, metrics: registry,
      delay: configuration.delay.map(timers.waiting), proxies: access.proxies, crossOrigin: access.crossOrigin,
      front: ScheduleFront(answers: answers, inbound: inbound, proxies: access.proxies, now: CampusClock.now),
      logger: logger
    ) { address in
      opening.happen()
      inbound.isReady()
      heartbeat?.listening.happen()
      readiness.isListening(at: address)
    }
    // Stopped from the last to the first: a monitor hears of it first, whoever waits for a scrape is answered before the
    // connections close, and the lead is given back when nothing is written under it any more. What writes or leads waits
    // for the port: a second service that was started by mistake ends without a trace.
    let recorder = BootRecorder(boot: boot, inbound: inbound, store: store, logger: logger, wait: timers.wait)
    let services: [any Service] =
      [sentry].compactMap(\.self) + [
        opening.before(recorder), server, readiness, opening.before(election), opening.before(schedule),
      ]
      + [IngestService(ingest: ingest)] + notifications.services.map(opening.before)
      + [backup.map(opening.before), heartbeat].compactMap(\.self)
    try await ServiceRun.untilSignalled(
      services, timers: timers, logger: logger, sayAndCode: StoreFailure.sayAndCode)
    try await store.close()
    logger.info("stopped")
  }
}

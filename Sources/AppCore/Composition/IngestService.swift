import AppDomain
import ServiceLifecycle

/// Serves scrapes until the service stops.
struct IngestService: Service {
  let ingest: ScheduleIngest

  func run() async throws {
    await cancelWhenGracefulShutdown { await ingest.run() }
  }
}

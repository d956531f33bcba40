import AppAPI
import AppDomain
import Logging
import ServiceLifecycle
import Support

/// Keeps this run's record in the store: when it began, who came first, who came last, that it stopped.
struct BootRecorder: Service {
  let boot: Boot
  let inbound: InboundLog
  let store: any BootStore
  let logger: Logger
  var interval = Duration.seconds(60)

  func run() async throws {
    await write(stoppedAt: nil)
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await _ in inbound.firstRequests { await write(stoppedAt: nil) }
        }
        group.addTask {
          var steady = SteadyWait { [logger] in
            logger.error("a wait failed", metadata: ["error": "\($0)", "of": "this run's record"])
          }
          while await steady(interval) { await write(stoppedAt: nil) }
        }
      }
    }
    await write(stoppedAt: CampusClock.now())
  }

  private func write(stoppedAt: Double?) async {
    do {
      try await store.record(
        ServiceBoot(
          id: boot.id, startedAt: boot.startedAt, lastInboundAt: inbound.lastInboundAt,
          firstRequest: inbound.firstRequest, stoppedAt: stoppedAt))
    } catch is CancellationError {
      // The service ends for another reason, which is told.
    } catch {
      logger.warning("this run is not recorded", metadata: ["error": "\(error)"])
    }
  }
}

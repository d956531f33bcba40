import AppAPI
import AppDomain
import Logging
import ServiceLifecycle
import Services
import Timers

/// Keeps this run's record in the store: when it began, who came first, who came last, that it stopped.
struct BootRecorder: Service {
  let boot: Boot
  let inbound: InboundLog
  let store: any BootStore
  let logger: Logger
  let wait: Wait
  var interval = Duration.seconds(60)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await _ in inbound.firstRequests { await write(stoppedAt: nil) }
        }
        group.addTask {
          await Repeating(with: (), wait: wait) { _ in
            await write(stoppedAt: nil)
            return interval
          }.run()
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

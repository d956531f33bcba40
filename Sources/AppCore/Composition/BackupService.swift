import AppStore
import Foundation
import HTTPService
import Logging
import ServiceLifecycle

/// Backs up at once and then at every interval until the service stops. One that fails is logged, the next is tried.
struct BackupService: Service {
  let interval: Duration
  let logger: Logger
  /// Waits for the interval; ends early when cancelled.
  var sleep: @Sendable (Duration) async throws -> Void = { try await MonotonicSleep.wait(for: $0) }
  let backUp: @Sendable () async throws -> StoreBackup.Report

  func run() async throws {
    // A backup under way is finished: only the wait is cut short.
    while !Task.isShuttingDownGracefully {
      await backUpOnce()
      await cancelWhenGracefulShutdown { try? await sleep(interval) }
    }
  }

  private func backUpOnce() async {
    do {
      let report = try await backUp()
      logger.info(
        "backed up",
        metadata: [
          "path": "\(report.path)", "bytes": "\(report.bytes)", "removed": "\(report.removed.count)",
          "notes": "\(report.notes.joined(separator: "; "))",
        ])
    } catch {
      logger.error("no backup", metadata: ["error": "\(StoreError.explaining(error) ?? error)"])
    }
  }
}

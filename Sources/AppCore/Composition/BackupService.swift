import AppBackup
import AppStore
import Foundation
import Logging
import ServiceLifecycle
import Services
import Timers
import Wording

/// Backs up when the newest backup is as old as the interval, until the service stops. One that fails is logged, and
/// tried again soon.
struct BackupService: Service {
  let interval: Duration
  let logger: Logger
  /// Seconds since 1970.
  var now: @Sendable () -> Double = { CampusClock.now() }
  let wait: Wait
  /// Of several instances on one database, one backs up.
  var isMine: @Sendable () -> Bool = { true }
  /// When the newest backup was made, by whomever; nil: back up at once.
  var newest: @Sendable () async throws -> Double? = { nil }
  let backUp: @Sendable () async throws -> StoreBackup.Report

  /// How soon a failed backup is tried again.
  private static let retry = Duration.seconds(900)
  /// Time that passed while the machine slept is noticed this late at most.
  private static let longestWait = Duration.seconds(60)
  private static let standby = Duration.seconds(5)

  func run() async throws {
    await Repeating(with: Double?.none, ending: .afterWork, wait: wait) { await step(&$0) }.run()
  }

  /// Backs up when it is due.
  /// - Returns: how long there is nothing to do.
  private func step(_ due: inout Double?) async -> Duration {
    guard isMine() else {
      due = nil
      return Self.standby
    }
    let time = now()
    let next = if let due { due } else { await dueAfterNewest(at: time) }
    due = next
    if next > time { return min(.seconds(next - time), Self.longestWait) }
    let isDone = await backUpOnce()
    due = now() + (isDone ? interval : min(interval, Self.retry)).seconds
    return .zero
  }

  private func dueAfterNewest(at time: Double) async -> Double {
    do {
      // One that is dated later than now was made before the clock was set back.
      return try await newest().map { min($0, time) + interval.seconds } ?? time
    } catch {
      logger.warning("the backups can't be listed", metadata: ["error": "\(error)"])
      return time
    }
  }

  private func backUpOnce() async -> Bool {
    do {
      let report = try await backUp()
      logger.info(
        "backed up",
        metadata: [
          "path": "\(report.path)", "bytes": "\(report.bytes)", "removed": "\(report.removed.count)",
          "notes": "\(report.notes.joined(separator: "; "))",
        ])
      return true
    } catch {
      logger.error("no backup", metadata: ["error": "\(StoreError.explaining(error) ?? error)"])
      return false
    }
  }
}

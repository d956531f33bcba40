import AppStore
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Wording

@testable import AppBackup
@testable import AppComposition

@Suite(.timeLimit(.minutes(1)))
struct BackupServiceTests {
  @Test("backups go on after one that failed, until the service is stopped")
  func goesOn() async throws {
    let calls = Mutex(0)
    let (third, signal) = AsyncStream<Void>.makeStream()
    let clock = Mutex(0.0)
    let service = BackupService(
      interval: .seconds(60), logger: silentLogger, now: { clock.withLock { $0 } },
      wait: { duration in
        clock.withLock { $0 += duration.seconds }
        await Task.yield()
      },
      backUp: {
        let call = calls.withLock {
          $0 += 1
          return $0
        }
        if call == 3 { signal.finish() }
        guard call > 1 else { throw StoreError(.cannotOpen, "not yet") }
        return StoreBackup.Report(path: "x", bytes: 1, tables: [], removed: [], notes: [])
      })
    let group = ServiceGroup(services: [service], logger: silentLogger)
    async let running: Void = group.run()
    for await _ in third {}
    await group.triggerGracefulShutdown()
    try await running
    #expect(calls.withLock { $0 } >= 3)
    #expect(clock.withLock { $0 } >= 120)
  }

  @Test("a backup waits until the newest one is as old as the interval, and for this instance's turn")
  func waitsForTheNewest() async throws {
    let clock = Mutex(1_000.0)
    let (made, signal) = AsyncStream<Double>.makeStream()
    let service = BackupService(
      interval: .seconds(3_600), logger: silentLogger, now: { clock.withLock { $0 } },
      wait: { duration in
        clock.withLock { $0 += duration.seconds }
        await Task.yield()
      },
      isMine: { clock.withLock { $0 } >= 2_000 }, newest: { 500 },
      backUp: {
        signal.yield(clock.withLock { $0 })
        return StoreBackup.Report(path: "x", bytes: 1, tables: [], removed: [], notes: [])
      })
    let group = ServiceGroup(services: [service], logger: silentLogger)
    async let running: Void = group.run()
    var times: [Double] = []
    for await time in made {
      times.append(time)
      if times.count == 3 { break }
    }
    await group.triggerGracefulShutdown()
    try await running
    #expect(times == [4_100, 7_700, 11_300])
  }
}

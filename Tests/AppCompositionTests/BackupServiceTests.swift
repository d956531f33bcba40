import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import AppComposition
@testable import AppStore

@Suite(.timeLimit(.minutes(1)))
struct BackupServiceTests {
  @Test("backups go on after one that failed, until the service is stopped")
  func goesOn() async throws {
    let calls = Mutex(0)
    let (third, signal) = AsyncStream<Void>.makeStream()
    let service = BackupService(
      interval: .seconds(60), logger: silentLogger, sleep: { _ in await Task.yield() },
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
  }
}

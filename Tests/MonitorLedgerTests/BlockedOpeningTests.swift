import GRDB
import TestSupport
import Testing

@testable import MonitorLedger

@Suite(.timeLimit(.minutes(1)))
struct BlockedOpeningTests {
  @Test("ledgers that wait for a lock to open keep no other task from its work")
  func waits() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/ledger.sqlite"
      try Ledger(path: path).close()
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: path, configuration: configuration)
      try await other.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
      }
      let isFree = try await Waiting.whileBlocked {
        try? other.close()
      } by: { _ in
        try await Ledger.open(path).close()
      }
      #expect(isFree)
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import AppStore

@Suite(.timeLimit(.minutes(1)))
struct BlockedOpeningTests {
  @Test("stores that wait for another process to open keep no other task from its work")
  func waits() async throws {
    try await withTemporaryDirectory { directory in
      let lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      try #require(flock(lock, LOCK_EX) == 0)
      let isFree = try await Waiting.whileBlocked {
        close(lock)
      } by: {
        try await DatabaseLocation.sqlite(path: directory + "/\($0).sqlite").open().close()
      }
      #expect(isFree)
    }
  }
}

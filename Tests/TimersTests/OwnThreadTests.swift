import Foundation
import Synchronization
import Testing
import Timers

@Suite(.timeLimit(.minutes(1)))
struct OwnThreadTests {
  private struct Refused: Error {}

  /// Lets nobody by until so many have come.
  private final class Barrier: Sendable {
    private let missing: Mutex<Int>
    private let count: Int
    private let gate = DispatchSemaphore(value: 0)

    init(_ count: Int) {
      self.count = count
      missing = Mutex(count)
    }

    @Sendable func pass() {
      let isLast = missing.withLock { missing in
        missing -= 1
        return missing == 0
      }
      if isLast { for _ in 0..<count { gate.signal() } }
      gate.wait()
    }
  }

  @Test("work that blocks runs beside the cooperative threads, all of it at once")
  func blocking() async throws {
    // More than there are cooperative threads: on those, the last would never begin.
    let count = ProcessInfo.processInfo.activeProcessorCount * 2
    let barrier = Barrier(count)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<count { group.addTask { await OwnThread.run(barrier.pass) } }
    }
  }

  @Test("its value and its error come back")
  func results() async throws {
    #expect(await OwnThread.run { 7 } == 7)
    await #expect(throws: Refused.self) {
      try await OwnThread.run { () throws(Refused) -> Int in throw Refused() }
    }
  }
}

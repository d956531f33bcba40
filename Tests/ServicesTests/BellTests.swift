import Synchronization
import TestSupport
import Testing
import Timers

@testable import Services

@Suite(.timeLimit(.minutes(1)))
struct BellTests {
  /// Never over by itself.
  private static let endless: Wait = { _ in await Once<Void>().value() }

  @Test("a ring ends the wait that is under way, and nothing else is left of it")
  func rings() async {
    let bell = Bell()
    let begun = Mutex(0)
    let waiting = Task {
      let wait = bell.ending { duration in
        begun.withLock { $0 += 1 }
        await Self.endless(duration)
      }
      for _ in 0..<3 { await wait(.seconds(900)) }
    }
    for count in 1...3 {
      await Waiting.until { begun.withLock { $0 } == count }
      bell.ring()
    }
    await waiting.value
    #expect(begun.withLock { $0 } == 3)
  }

  @Test("rings while nobody waits end the next wait, once, however many they are")
  func early() async {
    let bell = Bell()
    for _ in 0..<5 { bell.ring() }
    let begun = Mutex(0)
    let wait = bell.ending { _ in begun.withLock { $0 += 1 } }
    await wait(.seconds(900))
    #expect(begun.withLock { $0 } == 0)
    await wait(.seconds(900))
    #expect(begun.withLock { $0 } == 1, "the wait's own end is an end too")
  }

  @Test("a cancelled task waits for no ring")
  func cancelled() async {
    let wait = Bell().ending(Self.endless)
    let waiting = Task { await wait(.seconds(900)) }
    waiting.cancel()
    await waiting.value
  }
}

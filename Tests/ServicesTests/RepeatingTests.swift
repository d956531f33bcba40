import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Timers

@testable import Services

@Suite(.timeLimit(.minutes(1)))
struct RepeatingTests {
  private struct Down: Error {}

  private final class WaitLog: Sendable {
    private let waits = Mutex<[Duration]>([])

    func add(_ duration: Duration) -> Int {
      waits.withLock {
        $0.append(duration)
        return $0.count
      }
    }
    var all: [Duration] { waits.withLock { $0 } }
  }

  @Test("work that fails is told of each time and tried again, later and later, but no sooner than it asked for")
  func failing() async {
    let told = Mutex(0)
    let waits = WaitLog()
    let group = Task {
      await Repeating(
        with: 0,
        wait: { duration in
          if waits.add(duration) == 20 { await Once<Void>().value() }
        }, onFailure: { _ in told.withLock { $0 += 1 } }
      ) { round in
        round += 1
        if round > 2 { throw Down() }
        return .milliseconds(500)
      }.run()
    }
    await Waiting.until { waits.all.count == 20 }
    group.cancel()
    await group.value
    #expect(told.withLock { $0 } == 18)
    #expect(waits.all.allSatisfy { $0 >= .milliseconds(500) && $0 <= .seconds(30) })
    #expect(waits.all.suffix(5).allSatisfy { $0 >= .seconds(15) }, "\(waits.all)")
  }

  @Test("one success, and the next failure waits as little as the first")
  func pace() {
    var pace = Pace()
    #expect(pace.failed(random: 0) == .milliseconds(100))
    for _ in 0..<100 { _ = pace.failed(random: 0) }
    #expect(pace.failed(random: 0) == .seconds(15))
    #expect(pace.succeeded(.milliseconds(10)) == .milliseconds(10))
    #expect(pace.failed(random: 0) == .milliseconds(100))
  }

  @Test("a graceful stop finishes what is under way and cuts the wait, or cancels both", arguments: [true, false])
  func ending(finishes: Bool) async throws {
    let (working, begins) = AsyncStream<Void>.makeStream()
    let (stopping, stops) = AsyncStream<Void>.makeStream()
    let seen = Mutex<[Bool]>([])
    let timers = try TimerThread()
    let service = Repeating(with: (), ending: finishes ? .afterWork : .atOnce, wait: timers.wait) { _ in
      begins.finish()
      // Until it is cancelled, or the shutdown was begun.
      for await _ in stopping {}
      seen.withLock { $0.append(Task.isCancelled) }
      return .seconds(36_000)
    }
    let group = ServiceGroup(services: [service], logger: silentLogger)
    async let running: Void = group.run()
    for await _ in working {}
    await group.triggerGracefulShutdown()
    if finishes { stops.finish() }
    try await running
    #expect(seen.withLock { $0 } == [!finishes])
  }

  @Test("a stop while it waits ends it at once, and no work is begun after it")
  func stoppedInTheWait() async throws {
    let rounds = Mutex(0)
    let (waits, signal) = AsyncStream<Void>.makeStream()
    let timers = try TimerThread()
    let service = Repeating(with: (), ending: .afterWork) { duration in
      signal.finish()
      await timers.wait(duration)
    } work: { _ in
      rounds.withLock { $0 += 1 }
      return .seconds(36_000)
    }
    let group = ServiceGroup(services: [service], logger: silentLogger)
    async let running: Void = group.run()
    for await _ in waits {}
    await group.triggerGracefulShutdown()
    try await running
    #expect(rounds.withLock { $0 } == 1)
  }
}

import AppCache
import Services
import Synchronization
import Testing

struct FillCacheTests {
  private struct Failure: Error { var isAway: Bool }
  private typealias Cache = FillCache<String, Int>

  /// A clock that is set, and how often a value was made.
  private final class Bench: Sendable {
    let time = Mutex(0.0)
    let made = Mutex(0)
    let asking = Mutex(0)

    func cache(lifetime: Double = 300) -> Cache {
      Cache(
        CacheLimits(count: 4, cost: 4_000, lifetime: lifetime), now: { self.time.withLock { $0 } },
        isAway: { ($0 as? Failure)?.isAway == true })
    }

    func set(_ seconds: Double) { time.withLock { $0 = seconds } }

    /// The number of values made so far.
    func next() -> Cache.Made {
      made.withLock { made in
        made += 1
        return .init(made, cost: 1)
      }
    }
  }

  @Test("a value serves for its lifetime, and no longer")
  func lifetime() async throws {
    let bench = Bench()
    let cache = bench.cache()
    for (at, value, origin, age) in [
      (0.0, 1, Cache.Origin.made, 0.0), (299, 1, .kept, 299), (300, 2, .made, 0), (301, 2, .kept, 1),
    ] {
      bench.set(at)
      let found = try await cache.value(for: "a") { bench.next() }
      #expect(found.value == value && found.origin == origin && found.age == age, "at \(at)")
    }
  }

  @Test("without a lifetime nothing is kept")
  func off() async throws {
    let bench = Bench()
    let cache = bench.cache(lifetime: 0)
    for value in 1...3 {
      #expect(try await cache.value(for: "a") { bench.next() }.value == value)
    }
    #expect(cache.size.count == 0)
  }

  @Test("a hundred who ask at once wait for one value")
  func oneFills() async throws {
    let bench = Bench()
    let cache = bench.cache()
    let gate = Once<Void>()
    let values = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<100 {
        group.addTask {
          bench.asking.withLock { $0 += 1 }
          return try await cache.value(for: "a") {
            await gate.value()
            return bench.next()
          }.value
        }
      }
      while bench.asking.withLock({ $0 }) < 100 { await Task.yield() }
      gate.happen()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(values == Array(repeating: 1, count: 100))
  }

  @Test("who goes away while a value is made takes it from nobody")
  func cancellation() async throws {
    let bench = Bench()
    let cache = bench.cache()
    let gate = Once<Void>()
    let begun = Once<Void>()
    let first = Task {
      try await cache.value(for: "a") {
        begun.happen()
        await gate.value()
        try Task.checkCancellation()
        return bench.next()
      }
    }
    await begun.value()
    first.cancel()
    let second = Task { try await cache.value(for: "a") { bench.next() } }
    gate.happen()
    #expect(try await second.value.value == 1)
  }

  @Test("who asks after a change does not get what was begun before it, nor does that replace the new")
  func invalidation() async throws {
    let bench = Bench()
    let cache = bench.cache()
    let gate = Once<Void>()
    let begun = Once<Void>()
    let old = Task {
      try await cache.value(for: "a") {
        begun.happen()
        await gate.value()
        return .init(-1, cost: 1)
      }
    }
    await begun.value()
    cache.invalidate()
    #expect(try await cache.value(for: "a") { bench.next() }.value == 1)
    gate.happen()
    #expect(try await old.value.value == -1)
    #expect(try await cache.value(for: "a") { bench.next() }.value == 1)
    cache.invalidate()
    #expect(try await cache.value(for: "a") { bench.next() }.value == 2)
  }

  @Test("what is away is not waited for where an old value is there, is tried again each second, and comes back")
  func stale() async throws {
    let bench = Bench()
    let cache = bench.cache(lifetime: 10)
    _ = try await cache.value(for: "a") { bench.next() }
    bench.set(20)
    let first = try await cache.value(for: "a") { throw Failure(isAway: true) }
    #expect(first.value == 1 && first.origin == .stale && first.age == 20)
    bench.set(20.5)
    let early = try await cache.value(for: "a") {
      Issue.record("it was tried again within a second")
      return bench.next()
    }
    #expect(early.origin == .stale)
    await #expect(throws: Failure.self) { try await cache.value(for: "b") { throw Failure(isAway: true) } }
    bench.set(22)
    let tried = Once<Void>()
    let gate = Once<Void>()
    let later = try await cache.value(for: "a") {
      tried.happen()
      await gate.value()
      return bench.next()
    }
    #expect(later.origin == .stale, "nobody waits for the next try")
    await tried.value()
    gate.happen()
    while bench.made.withLock({ $0 }) < 2 { await Task.yield() }
    // The value is put in its place a moment after it was made.
    var back = try await cache.value(for: "a") { bench.next() }
    for _ in 0..<100_000 where back.origin == .stale {
      await Task.yield()
      back = try await cache.value(for: "a") { bench.next() }
    }
    #expect(back.value == 2 && back.origin == .kept)
  }

  @Test("an error that says nothing of what is away is everybody's, old value or not")
  func defect() async throws {
    let bench = Bench()
    let cache = bench.cache(lifetime: 10)
    _ = try await cache.value(for: "a") { bench.next() }
    bench.set(11)
    await #expect(throws: Failure.self) { try await cache.value(for: "a") { throw Failure(isAway: false) } }
    #expect(try await cache.value(for: "a") { bench.next() }.value == 2)
  }

  @Test("what is asked for in ever new ways takes no more than its bounds")
  func bounds() async throws {
    let bench = Bench()
    let cache = bench.cache()
    for number in 0..<50 { _ = try await cache.value(for: "\(number)") { .init(number, cost: 900) } }
    #expect(cache.size.count == 4 && cache.size.cost == 3_600)
    _ = try await cache.value(for: "large") { .init(0, cost: 1_001) }
    #expect(cache.size.count == 4)
  }
}

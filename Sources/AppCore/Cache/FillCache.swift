import Synchronization

/// What a cache may hold, and how long.
package struct CacheLimits: Sendable, Equatable {
  package var count: Int
  /// Bytes.
  package var cost: Int
  /// How long a value serves, in seconds; 0: nothing is kept.
  package var lifetime: Double

  package init(count: Int = 256, cost: Int = 8 << 20, lifetime: Double = 300) {
    self.count = count
    self.cost = cost
    self.lifetime = lifetime
  }
}

/// Values that are made of what may change and may be away: one who asks makes a value, the others wait for it; it serves
/// until it is too old or told to be; and where no new one can be made, the old one serves on.
package final class FillCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  package enum Origin: Sendable, CaseIterable {
    case kept
    case made
    /// Kept too long, where no new one can be made.
    case stale
  }

  package struct Found: Sendable {
    package var value: Value
    /// How long ago it was made, in seconds.
    package var age: Double
    package var origin: Origin
  }

  /// A value and what it takes.
  package struct Made: Sendable {
    var value: Value
    var cost: Int
    var age: Double

    /// - Parameter age: how old it is already, in seconds: somebody else may have made it.
    package init(_ value: Value, cost: Int, age: Double = 0) {
      self.value = value
      self.cost = cost
      self.age = age
    }
  }

  /// How long after a failure the next try is worth it, in seconds.
  private static var pause: Double { 1 }

  private struct Entry {
    var value: Value
    var version: Int
    var madeAt: Double
  }

  private struct Filling {
    var version: Int
    var task: Task<Value, any Error>
  }

  private struct State {
    var version = 0
    var entries: RecentValues<Key, Entry>
    var fillings: [Key: Filling] = [:]
    /// When no value could be made last, as long as none has been made since.
    var failedAt: Double?
  }

  private enum Step {
    case found(Found)
    case wait(Task<Value, any Error>, insteadOf: Entry?)
  }

  private let lifetime: Double
  private let now: @Sendable () -> Double
  private let isAway: @Sendable (any Error) -> Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - now: seconds; its origin doesn't matter, as long as it never goes back.
  ///   - isAway: whether an error says that what values are made of is away: then old ones serve. Asked once of each error.
  package init(
    _ limits: CacheLimits = CacheLimits(), now: @escaping @Sendable () -> Double,
    isAway: @escaping @Sendable (any Error) -> Bool
  ) {
    lifetime = limits.lifetime
    self.now = now
    self.isAway = isAway
    state = Mutex(State(entries: RecentValues(maximumCount: limits.count, maximumCost: limits.cost)))
  }

  package var size: (count: Int, cost: Int) { state.withLock { ($0.entries.count, $0.entries.cost) } }

  /// Nothing that was made so far, or is being made, serves any more while a new value can be made.
  package func invalidate() { state.withLock { $0.version += 1 } }

  /// What serves without being made: nil where none is kept, or a new one is due.
  package func kept(_ key: Key) -> Value? {
    guard lifetime > 0 else { return nil }
    let time = now()
    return state.withLock { state in
      guard let entry = state.entries.use(key), isFresh(entry, state.version, time) else { return nil }
      return entry.value
    }
  }

  private func isFresh(_ entry: Entry, _ version: Int, _ time: Double) -> Bool {
    entry.version == version && time - entry.madeAt < lifetime
  }

  /// - Parameter make: runs once for all who ask meanwhile, and to its end whoever of them goes away.
  /// - Throws: what `make` throws, where no old value serves.
  package func value(for key: Key, make: @escaping @Sendable () async throws -> Made) async throws -> Found {
    guard lifetime > 0 else { return Found(value: try await make().value, age: 0, origin: .made) }
    switch step(for: key, make) {
    case .found(let found): return found
    case .wait(let task, let old):
      do {
        return Found(value: try await task.value, age: 0, origin: .made)
      } catch let failure as Away {
        guard let old else { throw failure.error }
        return Found(value: old.value, age: now() - old.madeAt, origin: .stale)
      }
    }
  }

  /// An error that says that what values are made of is away.
  private struct Away: Error { var error: any Error }

  private func step(for key: Key, _ make: @escaping @Sendable () async throws -> Made) -> Step {
    let time = now()
    return state.withLock { state in
      let entry = state.entries.use(key)
      if let entry, isFresh(entry, state.version, time) {
        return .found(Found(value: entry.value, age: time - entry.madeAt, origin: .kept))
      }
      // While it is away, nobody who has an old value waits for the next try.
      var old: Found?
      if let entry, state.failedAt != nil {
        old = Found(value: entry.value, age: time - entry.madeAt, origin: .stale)
      }
      if let old, let failedAt = state.failedAt, time - failedAt < Self.pause { return .found(old) }
      let task: Task<Value, any Error>
      if let filling = state.fillings[key], filling.version == state.version {
        task = filling.task
      } else {
        task = fill(key, version: state.version, make)
        state.fillings[key] = Filling(version: state.version, task: task)
      }
      return old.map { .found($0) } ?? .wait(task, insteadOf: entry)
    }
  }

  private func fill(
    _ key: Key, version: Int, _ make: @escaping @Sendable () async throws -> Made
  ) -> Task<Value, any Error> {
    Task {
      do {
        let made = try await make()
        finish(key, version: version, made: made)
        return made.value
      } catch {
        let isAway = isAway(error)
        finish(key, version: version, made: nil, isAway: isAway)
        throw isAway ? Away(error: error) : error
      }
    }
  }

  private func finish(_ key: Key, version: Int, made: Made?, isAway: Bool = false) {
    let time = now()
    state.withLock { state in
      if let made {
        state.failedAt = nil
        // One that began later may have ended earlier.
        if state.entries.use(key).map({ $0.version <= version }) ?? true {
          let entry = Entry(value: made.value, version: version, madeAt: time - made.age)
          state.entries.insert(entry, for: key, cost: made.cost)
        }
      } else if isAway {
        state.failedAt = time
      }
      if state.fillings[key]?.version == version { state.fillings[key] = nil }
    }
  }
}

import ServiceLifecycle
package import Timers

/// A piece of work that is done again and again until its service stops.
///
/// Work that fails is told of and tried again, later with each failure in a row: never in a hot loop, never in silence.
package struct Repeating<Memory: Sendable>: Service {
  /// What a graceful shutdown finds under way.
  package enum Ending: Sendable {
    /// It is cancelled.
    case atOnce
    /// It is finished; only the wait is cut short.
    case afterWork
  }

  private let memory: Memory
  private let ending: Ending
  private let wait: Wait
  private let onFailure: @Sendable (any Error) -> Void
  private let work: @Sendable (inout Memory) async throws -> Duration

  /// - Parameters:
  ///   - memory: what the work keeps from one time to the next.
  ///   - onFailure: told of each failure of the work.
  ///   - work: returns how long there is nothing to do.
  package init(
    with memory: Memory, ending: Ending = .atOnce, wait: @escaping Wait,
    onFailure: @escaping @Sendable (any Error) -> Void,
    work: @escaping @Sendable (inout Memory) async throws -> Duration
  ) {
    self.memory = memory
    self.ending = ending
    self.wait = wait
    self.onFailure = onFailure
    self.work = work
  }

  /// The same for work that tells of its failures itself.
  package init(
    with memory: Memory, ending: Ending = .atOnce, wait: @escaping Wait,
    work: @escaping @Sendable (inout Memory) async -> Duration
  ) {
    self.init(with: memory, ending: ending, wait: wait, onFailure: { _ in }, work: work)
  }

  /// Until a graceful shutdown or the task's cancellation.
  package func run() async {
    switch ending {
    case .atOnce: await cancelWhenGracefulShutdown { await repeatWork() }
    case .afterWork: await repeatWork()
    }
  }

  private func repeatWork() async {
    var memory = memory
    var pace = Pace()
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let pause: Duration
      do { pause = pace.succeeded(try await work(&memory)) } catch {
        guard !Task.isCancelled else { return }
        onFailure(error)
        pause = pace.failed(random: .random(in: 0..<1))
      }
      if pause > .zero { await cancelWhenGracefulShutdown { await wait(pause) } }
    }
  }
}

/// When work is due again. Pure.
struct Pace {
  private static let backoff = Backoff(base: .milliseconds(200), cap: .seconds(30), jitter: .equal)

  private var usual = Duration.zero
  private var failures = 0

  /// - Parameter pause: what the work asks for.
  mutating func succeeded(_ pause: Duration) -> Duration {
    (usual, failures) = (pause, 0)
    return pause
  }

  /// - Parameter random: 0..<1.
  /// - Returns: no less than what the work asked for last.
  mutating func failed(random: Double) -> Duration {
    failures += 1
    return max(usual, Self.backoff.delay(after: failures, random: random))
  }
}

package import ServiceLifecycle
import Synchronization

/// Something that happens once, such as that a server's port is its own, and those who wait for it.
package final class Once<Value: Sendable>: Sendable {
  private let state = Mutex<(value: Value?, waiters: [AsyncStream<Void>.Continuation])>((nil, []))

  package init() {}

  /// The first time counts.
  package func happen(_ value: Value) {
    let waiters = state.withLock { state in
      state.value = state.value ?? value
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.finish() }
  }

  /// Returns when it has happened, or the task is cancelled.
  /// - Returns: nil when it has not.
  @discardableResult
  package func value() async -> Value? {
    let (stream, waiter) = AsyncStream<Void>.makeStream()
    state.withLock { if $0.value == nil { $0.waiters.append(waiter) } else { waiter.finish() } }
    for await _ in stream {}
    return state.withLock { $0.value }
  }

  /// The same service, begun when this has happened.
  package func before(_ service: any Service) -> any Service { Afterwards(service: service, once: self) }
}

extension Once where Value == Void {
  package func happen() { happen(()) }
}

private struct Afterwards<Value: Sendable>: Service {
  let service: any Service
  let once: Once<Value>

  func run() async throws {
    guard await cancelWhenGracefulShutdown({ await once.value() }) != nil else { return }
    try await service.run()
  }
}

package import ServiceLifecycle
import Synchronization

/// The moment from which on a server's port is its own: what belongs to one instance alone waits for it.
package final class Opening: Sendable {
  private let state = Mutex<(isOpen: Bool, waiters: [AsyncStream<Void>.Continuation])>((false, []))

  package init() {}

  package func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.finish() }
  }

  /// Returns when it is open, or the task is cancelled.
  /// - Returns: whether it is open.
  package func wait() async -> Bool {
    let (stream, waiter) = AsyncStream<Void>.makeStream()
    let isOpen = state.withLock { state in
      if !state.isOpen { state.waiters.append(waiter) }
      return state.isOpen
    }
    if isOpen { return true }
    for await _ in stream {}
    return state.withLock { $0.isOpen }
  }

  /// The same service, begun when this is open.
  package func before(_ service: any Service) -> any Service { AfterOpening(service: service, opening: self) }
}

private struct AfterOpening: Service {
  let service: any Service
  let opening: Opening

  func run() async throws {
    guard await cancelWhenGracefulShutdown({ await opening.wait() }) else { return }
    try await service.run()
  }
}

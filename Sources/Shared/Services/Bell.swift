import Synchronization
package import Timers

/// Ends the wait of whoever does work when there is some, before the time at which they would look for it.
package final class Bell: Sendable {
  private let state = Mutex<(isRung: Bool, waiter: AsyncStream<Void>.Continuation?)>((false, nil))

  package init() {}

  /// Ends the wait that is under way; where there is none, the next one.
  package func ring() {
    let waiter = state.withLock { state in
      if state.waiter == nil { state.isRung = true }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.finish()
  }

  /// The same wait, ended also by a ring. One at a time.
  package func ending(_ wait: @escaping Wait) -> Wait {
    { duration in
      let (stream, waiter) = AsyncStream<Void>.makeStream()
      let isRung = self.state.withLock { state in
        defer { state.isRung = false }
        if !state.isRung { state.waiter = waiter }
        return state.isRung
      }
      if isRung { return }
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await wait(duration) }
        group.addTask { for await _ in stream {} }
        await group.next()
        group.cancelAll()
      }
      self.state.withLock { $0.waiter = nil }
    }
  }
}

import CLinux
import Glibc
package import Histograms
import Synchronization
import Timers

/// The address that new connections go to. A thread of its own looks the name up anew from time to time, so that a long
/// run follows a service that moves; nobody waits for it.
///
/// The address in use stays as long as the name still has it; otherwise the first of the new ones takes its place. A
/// look-up that fails changes nothing.
final class AddressBook: Sendable {
  typealias Resolve = @Sendable (Endpoint) throws(EngineError) -> [SocketAddress]

  private struct State: Sendable {
    var address: SocketAddress
    var tally = NameCounts()
  }

  /// Counts changes of the address.
  let version = Atomic<Int>(0)
  private let state: Mutex<State>
  private let shouldStop = Atomic<Bool>(false)
  /// Written to end the thread's pause.
  private let wakeDescriptor: Int32

  init(_ first: SocketAddress) throws(EngineError) {
    state = Mutex(State(address: first))
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeDescriptor >= 0 else {
      throw EngineError(.system, "the kernel gives no event descriptor: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(wakeDescriptor) }

  var current: SocketAddress { state.withLock { $0.address } }

  /// Looks the name up every `ttl` until `stop`. The system's resolver can't be cut short, so the thread is not waited
  /// for.
  func watch(
    _ endpoint: Endpoint, every ttl: Duration, timeout: Duration, resolve: @escaping Resolve
  ) throws(EngineError) {
    let place = endpoint.connectTo?.host ?? endpoint.host
    guard ttl > .zero, !SocketAddress.isLiteral(place) else { return }
    let thread = try OwnThread.started { [self] in
      while pause(for: ttl) { lookUp(endpoint, timeout: timeout, resolve) }
    }
    thread.detach()
  }

  func stop() -> NameCounts {
    shouldStop.store(true, ordering: .relaxed)
    var one: UInt64 = 1
    _ = write(wakeDescriptor, &one, 8)
    return state.withLock { $0.tally }
  }

  /// - Returns: false when it is over.
  private func pause(for time: Duration) -> Bool {
    let end = MonotonicClock.now() + time.nanoseconds
    var entry = pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
    while !shouldStop.load(ordering: .relaxed) {
      let now = MonotonicClock.now()
      guard now < end else { return true }
      _ = Glibc.poll(&entry, 1, Int32(min((end - now) / 1_000_000 + 1, 3_600_000)))
    }
    return false
  }

  private func lookUp(_ endpoint: Endpoint, timeout: Duration, _ resolve: Resolve) {
    let start = MonotonicClock.now()
    let found = try? resolve(endpoint)
    let time = MonotonicClock.now() - start
    state.withLock { state in
      guard let first = found?.first, time <= timeout.nanoseconds else {
        // Also where every address was one that load may not go to.
        state.tally.failed += 1
        return
      }
      state.tally.time.record(time)
      if found?.contains(state.address) == true { return }
      state.address = first
      state.tally.moves += 1
      version.wrappingAdd(1, ordering: .releasing)
    }
  }
}

/// Look-ups of the target's name during a run.
package struct NameCounts: Sendable {
  /// Of those that gave an address.
  package var time = Histogram()
  package var failed: UInt64 = 0
  /// Times the name had another address than the one in use.
  package var moves: UInt64 = 0

  package init() {}
}

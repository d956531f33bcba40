import Foundation
import Glibc
import Synchronization
import Wording

/// Waits on a thread of its own, by `poll`, also when the process has no descriptor left: unlike the runtime's timers, which are set on the kernel's clock, it follows
/// a process whose clock is faked (`faketime`), and a process that is stopped and continued finds its time over at once.
package enum ThreadWait {
  /// Returns after `duration`; a machine's sleep is not counted.
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  package static func sleep(for duration: Duration) async throws {
    guard let bell = Bell() else { return try await sleepWithoutBell(for: duration) }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let thread = Thread {
          bell.wait(for: duration)
          continuation.resume()
        }
        thread.name = "wait"
        thread.stackSize = 128 << 10
        thread.start()
      }
    } onCancel: {
      bell.ring()
    }
    try Task.checkCancellation()
  }

  /// The same where there is no descriptor for a bell: a cancellation is noticed a moment later.
  static func sleepWithoutBell(for duration: Duration) async throws {
    let isCancelled = Flag()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let thread = Thread {
          var rest = max(0, duration.seconds)
          while rest > 0, !isCancelled.value.load(ordering: .relaxed) {
            let step = min(rest, 0.05)
            poll(nil, 0, Int32((step * 1_000).rounded(.up)))
            rest -= step
          }
          continuation.resume()
        }
        thread.name = "wait"
        thread.stackSize = 128 << 10
        thread.start()
      }
    } onCancel: {
      isCancelled.value.store(true, ordering: .relaxed)
    }
    try Task.checkCancellation()
  }

  private final class Flag: Sendable {
    let value = Atomic(false)
  }

  /// A pair of sockets that ends a `poll`.
  private final class Bell: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// Nil when there is no descriptor left.
    init?() {
      var ends: [Int32] = [-1, -1]
      let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
      guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      close(reading)
      close(writing)
    }

    func ring() {
      var byte: UInt8 = 1
      _ = write(writing, &byte, 1)
    }

    func wait(for duration: Duration) {
      var rest = max(0, duration.seconds)
      // A timeout of `poll` has 31 bits of milliseconds.
      let longest = 1_000_000.0
      while rest > 0 {
        let step = min(rest, longest)
        var polled = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        let result = poll(&polled, 1, Int32((step * 1_000).rounded(.up)))
        if result > 0 || (result < 0 && errno != EINTR) { return }
        rest -= step
      }
    }
  }
}

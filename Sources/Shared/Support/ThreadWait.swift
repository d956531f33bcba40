import Foundation
import Glibc
import Synchronization

/// Waits on a thread of its own, by `poll`: unlike the runtime's timers, which are set on the kernel's clock, it follows
/// a process whose clock is faked (`faketime`), and a process that is stopped and continued finds its time over at once.
package enum ThreadWait {
  /// Returns after `duration`; a machine's sleep is not counted.
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  package static func sleep(for duration: Duration) async throws {
    let bell = try Bell()
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

  /// A pair of sockets that ends a `poll`.
  private final class Bell: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
      guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw CancellationError() }
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

import Glibc
import Synchronization

@testable import Timers

/// A system whose polls and pauses take no time, but move its clock.
final class VirtualKernel: Sendable {
  private struct State {
    var clock: Int64 = 0
    var pauses: [Int32] = []
  }

  private let state = Mutex(State())
  private let poll: @Sendable (VirtualKernel, Int32) -> Kernel.Poll

  /// - Parameter poll: what a poll of so many milliseconds does; unless given, it moves the clock and runs out.
  init(
    poll: @escaping @Sendable (VirtualKernel, Int32) -> Kernel.Poll = { kernel, milliseconds in
      kernel.move(by: milliseconds)
      return .ranOut
    }
  ) { self.poll = poll }

  func move(by milliseconds: Int32) { state.withLock { $0.clock += Int64(milliseconds) * 1_000_000 } }

  /// Milliseconds.
  var pauses: [Int32] { state.withLock { $0.pauses } }

  var kernel: Kernel {
    var kernel = Kernel()
    let real = kernel.poll
    kernel.clock = { self.state.withLock { $0.clock } }
    kernel.poll = { bell, milliseconds in
      // Where nobody waits, only somebody who begins to ends a poll.
      milliseconds < 3_600_000 ? self.poll(self, milliseconds) : real(bell, 1_000)
    }
    kernel.pause = { milliseconds in
      self.move(by: milliseconds)
      self.state.withLock { $0.pauses.append(milliseconds) }
    }
    return kernel
  }
}

import Glibc
import Histograms
import Synchronization
import Testing
import Timers

@testable import BenchEngine

/// The engine where a filter of system calls refuses the newest of them, as containers' do.
@Suite(.serialized)
struct FilteredCallTests {
  /// Makes this thread, and those that it starts, get `code` from epoll_pwait2 (number 441 on x86-64 and arm64).
  private static func refusePreciseWaits(with code: Int32) -> Bool {
    typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let symbol = dlsym(nil, "prctl") else { return false }
    let control = unsafeBitCast(symbol, to: Control.self)
    // Load the call's number; where it is 441, say no; else allow. Source: seccomp(2), bpf in linux/filter.h.
    func instruction(_ code: UInt64, _ whenTrue: UInt64, _ whenFalse: UInt64, _ value: UInt64) -> UInt64 {
      code | whenTrue << 16 | whenFalse << 24 | value << 32
    }
    var filter = [
      instruction(0x20, 0, 0, 0), instruction(0x15, 0, 1, 441), instruction(0x06, 0, 0, 0x0005_0000 | UInt64(code)),
      instruction(0x06, 0, 0, 0x7FFF_0000),
    ]
    struct Program {
      var count: UInt16
      var filter: UnsafeMutableRawPointer?
    }
    return filter.withUnsafeMutableBytes { bytes in
      var program = Program(count: 4, filter: bytes.baseAddress)
      return withUnsafeMutablePointer(to: &program) { program in
        control(38, 1, 0, 0, 0) == 0 && control(22, 2, UInt(bitPattern: program), 0, 0) == 0
      }
    }
  }

  @Test("a wait that is refused for any reason is made in milliseconds instead", arguments: [EPERM, ENOSYS, EINVAL])
  func refusedWait(code: Int32) throws {
    let server = try FaultyServer(.answers)
    defer { server.stop() }
    let outcome = Mutex<Result<LoadResult, any Error>?>(nil)
    let isFiltered = Mutex(false)
    let run = EngineRun(server)
    let (plan, address) = (run.plan, try Preflight.reach(run.plan))
    let thread = try OwnThread {
      isFiltered.withLock { $0 = Self.refusePreciseWaits(with: code) }
      outcome.withLock { $0 = Result { try LoadEngine.run(plan, to: address) } }
    }
    thread.join()
    #expect(isFiltered.withLock { $0 })
    let result = try #require(outcome.withLock { $0 }).get()
    expectConserved(result)
    #expect(result.steps[0].answered > 10 && result.steps[0].failed == 0)
  }
}

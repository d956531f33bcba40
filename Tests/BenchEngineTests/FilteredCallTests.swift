import Glibc
import Histograms
import Measures
import Synchronization
import Testing
import Timers

@testable import BenchEngine

/// The engine where a filter of system calls refuses the newest of them, as containers' do.
@Suite(.serialized)
struct FilteredCallTests {
  /// The number of epoll_pwait2, on x86-64 and arm64.
  private static let preciseWait: UInt64 = 441
  #if arch(arm64)
  private static let newEventDescriptor: UInt64 = 19
  #else
  private static let newEventDescriptor: UInt64 = 290
  #endif

  /// Makes this thread, and those that it starts, get `code` from a system call.
  private static func refuse(_ call: UInt64, with code: Int32) -> Bool {
    typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let symbol = dlsym(nil, "prctl") else { return false }
    let control = unsafeBitCast(symbol, to: Control.self)
    // Load the call's number; where it is this one, say no; else allow. Source: seccomp(2), bpf in linux/filter.h.
    func instruction(_ code: UInt64, _ whenTrue: UInt64, _ whenFalse: UInt64, _ value: UInt64) -> UInt64 {
      code | whenTrue << 16 | whenFalse << 24 | value << 32
    }
    var filter = [
      instruction(0x20, 0, 0, 0), instruction(0x15, 0, 1, call), instruction(0x06, 0, 0, 0x0005_0000 | UInt64(code)),
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
      isFiltered.withLock { $0 = Self.refuse(Self.preciseWait, with: code) }
      outcome.withLock { $0 = Result { try LoadEngine.run(plan, to: address) } }
    }
    thread.join()
    #expect(isFiltered.withLock { $0 })
    let result = try #require(outcome.withLock { $0 }).get()
    expectConserved(result)
    #expect(result.steps[0].answered > 10 && result.steps[0].failed == 0)
  }

  @Test("where a phase can't begin, the others are ended, and what they counted is kept")
  func phaseThatCannotBegin() throws {
    let server = try FaultyServer(.answers)
    defer { server.stop() }
    var plan = EngineRun(server).plan
    let load = Workload.users([.init(duration: .seconds(20), target: 4, isStep: true)])
    plan.steps[0].thinkTime = .constant(.milliseconds(1))
    plan.phases = [
      PhasePlan(name: "first", journeys: [0], workload: load),
      PhasePlan(name: "second", start: .at(.milliseconds(1_200)), journeys: [0], workload: load),
    ]
    let address = try Preflight.reach(plan)
    let outcome = Mutex<(result: Result<LoadResult, any Error>, last: LoadResult?)?>(nil)
    let thread = try OwnThread { [plan] in
      var last: LoadResult?
      let result = Result {
        try LoadEngine.run(plan, to: address) { progress in
          if progress.isLast { last = progress.total } else { _ = Self.refuse(Self.newEventDescriptor, with: ENFILE) }
          return .goOn
        }
      }
      outcome.withLock { $0 = (result, last) }
    }
    thread.join()
    let asked = server.requests.load(ordering: .relaxed)
    let (result, last) = try #require(outcome.withLock { $0 })
    let error = #expect(throws: EngineError.self) { try result.get() }
    #expect(error?.code == .system)
    let total = try #require(last)
    expectConserved(total)
    #expect(total.ending == .failed && total.phases[0].steps[0].answered > 100)
    #expect(total.phases[1].iterations.started == 0 && total.phases[0].hasEnded)
    #expect(server.requests.load(ordering: .relaxed) == asked, "somebody still asks")
  }
}

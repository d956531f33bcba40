import Foundation
import Synchronization
import Testing

@testable import Timers

@Suite(.timeLimit(.minutes(1)))
struct TimerThreadTests {
  private static func timers(
    _ kernel: VirtualKernel, onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
  ) throws -> TimerThread {
    try TimerThread(kernel: kernel.kernel, onFailure: onFailure)
  }

  @Test("waits follow the clock that polls follow, be it set back, or one that stands")
  func faked() async throws {
    try await Self.timers(VirtualKernel()).wait(.seconds(3_500))
    let standing = VirtualKernel { _, _ in .ranOut }
    try await Self.timers(standing).wait(.seconds(3_500))
    let backwards = VirtualKernel { kernel, milliseconds in
      kernel.move(by: -3_600_000)
      return .ranOut
    }
    try await Self.timers(backwards).wait(.seconds(3_500))
  }

  @Test("a poll that fails is told once in a row and made up for by longer pauses: no hot loop, no silent stop")
  func failing() async throws {
    let told = Mutex<[String]>([])
    let kernel = VirtualKernel { _, _ in .failed(ENOMEM) }
    let timers = try Self.timers(kernel) { error in told.withLock { $0.append("\(error)") } }
    await timers.wait(.seconds(600))
    #expect(told.withLock { $0 }.count == 1 && told.withLock { $0 }.first?.contains("memory") == true)
    let pauses = kernel.pauses
    #expect(pauses.allSatisfy { $0 >= 5 } && (600...1_300).contains(pauses.count), "\(pauses.count)")
  }

  @Test("waits as long as it is told, hundreds at once on one thread")
  func many() async throws {
    let timers = try TimerThread()
    let threads = Mutex<Set<pthread_t>>([])
    let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    let start = ContinuousClock.now
    var most = 0
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        timers.set(after: .milliseconds(200)) { _ = threads.withLock { $0.insert(pthread_self()) } }
        group.addTask { await timers.wait(.milliseconds(200)) }
        guard number == 499 else { continue }
        most = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? .max
      }
    }
    #expect(start.duration(to: .now) >= .milliseconds(200))
    #expect(most < before + 100)
    #expect(threads.withLock { $0.count } == 1)
    await timers.wait(.zero)
    await timers.wait(.seconds(-1))
  }

  @Test("ends at once when its task is cancelled, before or while it waits")
  func cancelled() async throws {
    let timers = try TimerThread()
    for isEarly in [true, false] {
      let (waits, signal) = AsyncStream<Void>.makeStream()
      let task = Task {
        signal.finish()
        if isEarly { withUnsafeCurrentTask { $0?.cancel() } }
        await timers.wait(.seconds(36_000))
      }
      for await _ in waits {}
      task.cancel()
      await task.value
    }
  }

  @Test("an alarm that was cancelled is silent, one that was set earlier than all others comes first")
  func alarms() async throws {
    let timers = try TimerThread()
    let (done, signal) = AsyncStream<String>.makeStream()
    let cancelled = timers.set(after: .milliseconds(1)) { signal.yield("cancelled") }
    timers.cancel(cancelled)
    timers.set(after: .milliseconds(300)) { signal.finish() }
    timers.set(after: .milliseconds(20)) { signal.yield("soon") }
    var heard: [String] = []
    for await word in done { heard.append(word) }
    #expect(heard == ["soon"] || heard == ["cancelled", "soon"])
  }

  @Test("what was begun is waited for when the owner is gone")
  func abandoned() async throws {
    let (done, signal) = AsyncStream<Void>.makeStream()
    do { try TimerThread().set(after: .milliseconds(20)) { signal.finish() } }
    for await _ in done {}
  }
}

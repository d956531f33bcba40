import Synchronization
import Testing

@testable import Support

@Suite(.timeLimit(.minutes(1)))
struct SteadyWaitTests {
  private struct NoDescriptors: Error {}

  @Test("a wait that fails is told once in a row, and made up for by longer and longer ones")
  func failing() async {
    let spares = Mutex<[Duration]>([])
    let told = Mutex(0)
    var steady = SteadyWait(
      { _ in throw NoDescriptors() }, spare: { duration in spares.withLock { $0.append(duration) } },
      onFailure: { _ in told.withLock { $0 += 1 } })
    for _ in 0..<20 { #expect(await steady(.milliseconds(50))) }
    #expect(told.withLock { $0 } == 1)
    let waited = spares.withLock { $0 }
    #expect(waited.count == 20 && waited.allSatisfy { $0 >= .milliseconds(50) })
    #expect(waited.suffix(5).allSatisfy { $0 >= .seconds(15) }, "\(waited)")
  }

  @Test("one that works again is told anew when it fails")
  func recovering() async {
    let told = Mutex(0)
    let calls = Mutex(0)
    var steady = SteadyWait(
      { _ in
        let call = calls.withLock {
          $0 += 1
          return $0
        }
        if call != 2 { throw NoDescriptors() }
      }, spare: { _ in }, onFailure: { _ in told.withLock { $0 += 1 } })
    for _ in 0..<3 { await steady(.zero) }
    #expect(told.withLock { $0 } == 2)
  }

  @Test("a cancelled task's wait ends at once and is no failure; without a bell too")
  func cancelled() async {
    let told = Mutex(0)
    let task = Task {
      var steady = SteadyWait { _ in told.withLock { $0 += 1 } }
      return await steady(.seconds(3_600))
    }
    task.cancel()
    #expect(await !task.value)
    #expect(told.withLock { $0 } == 0)
    let bare = Task { try await ThreadWait.sleepWithoutBell(for: .seconds(3_600)) }
    bare.cancel()
    await #expect(throws: CancellationError.self) { try await bare.value }
  }

  @Test("without a descriptor for its bell, a wait still lasts")
  func withoutBell() async throws {
    let start = ContinuousClock.now
    try await ThreadWait.sleepWithoutBell(for: .milliseconds(120))
    #expect(start.duration(to: .now) >= .milliseconds(110))
  }
}

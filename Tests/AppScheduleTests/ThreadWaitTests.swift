import Support
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ThreadWaitTests {
  @Test("waits as long as it is told, many at once")
  func waits() async throws {
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 { group.addTask { try await ThreadWait.sleep(for: .milliseconds(200)) } }
      try await group.waitForAll()
    }
    let elapsed = ContinuousClock.now - start
    #expect(elapsed >= .milliseconds(200) && elapsed < .seconds(8))
    try await ThreadWait.sleep(for: .zero)
    try await ThreadWait.sleep(for: .seconds(-1))
  }

  @Test("ends at once when it is cancelled, before or while it waits")
  func cancelled() async throws {
    let start = ContinuousClock.now
    let (waits, signal) = AsyncStream<Void>.makeStream()
    let task = Task {
      signal.finish()
      try await ThreadWait.sleep(for: .seconds(3_600))
    }
    for await _ in waits {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}

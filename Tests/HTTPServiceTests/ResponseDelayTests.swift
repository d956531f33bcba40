import Testing

@testable import HTTPService

@Suite struct ResponseDelayTests {
  @Test("waits at least as long as it was told")
  func waits() async throws {
    let clock = ContinuousClock()
    let waited = try await clock.measure { try await ResponseDelay.wait(for: .milliseconds(20)) }
    #expect(waited >= .milliseconds(20))
  }

  @Test("a cancelled wait ends at once, also when it was cancelled before it began", arguments: [true, false])
  func isCancelled(before: Bool) async {
    let waiting = Task {
      if before { withUnsafeCurrentTask { $0?.cancel() } }
      try await ResponseDelay.wait(for: .seconds(3_600))
    }
    if !before { waiting.cancel() }
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }
}

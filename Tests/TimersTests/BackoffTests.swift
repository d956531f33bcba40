import Testing
import Timers

struct BackoffTests {
  @Test("full jitter doubles up to its cap, all of it random")
  func full() {
    let backoff = Backoff(base: .milliseconds(100), cap: .seconds(1))
    #expect(
      (1...6).map { backoff.delay(after: $0, random: 1) / .milliseconds(1) } == [100, 200, 400, 800, 1_000, 1_000])
    #expect(backoff.delay(after: 3, random: 0.5) == .milliseconds(200))
    #expect(backoff.delay(after: 1_000, random: 0) == .zero)
  }

  @Test("equal jitter doubles up to its cap, half of it random")
  func equal() {
    let backoff = Backoff(base: .seconds(10), cap: .seconds(600), jitter: .equal)
    #expect(
      (1...8).map { backoff.delay(after: $0, random: 0) } == [5, 10, 20, 40, 80, 160, 300, 300].map { .seconds($0) })
    #expect(backoff.delay(after: 3, random: 0.5) == .seconds(30))
    #expect(
      backoff.delay(after: .max, random: 0.999_999) < .seconds(600)
        && backoff.delay(after: .min, random: -1) == .seconds(5))
  }
}

import Testing
import Wording

@Suite struct CountTextTests {
  @Test("one is singular, everything else is not")
  func plural() {
    #expect([0, 1, 2, 1_000].map { CountText.plural($0, "day") } == ["0 days", "1 day", "2 days", "1000 days"])
    #expect([0, 1, 2].map { CountText.plural($0, "duty", "duties") } == ["0 duties", "1 duty", "2 duties"])
  }

  @Test("no time at all is no matter of nanoseconds")
  func noTime() {
    #expect(DurationText.format(.zero) == "0 s")
    #expect(DurationText.format(.nanoseconds(1)) == "1 ns")
  }
}

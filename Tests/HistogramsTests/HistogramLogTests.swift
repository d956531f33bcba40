import Testing

@testable import Histograms

@Suite struct HistogramLogTests {
  @Test("a log has the format's head and a line an interval")
  func lines() throws {
    var histogram = Histogram()
    for value: UInt64 in [1_000_000, 2_000_000, 2_000_000, 45_000_000, 1_500_000_000] { histogram.record(value) }
    let log = [
      HistogramLog.head(
        startMilliseconds: 1_795_478_400_007, startText: "2026-11-24T00:00:00.007Z", comments: ["made\nhere"]),
      try HistogramLog.line(histogram, startNanoseconds: 0, lengthNanoseconds: 1_007_000_000) + "\n",
      try HistogramLog.line(
        histogram, tag: "today, all\rnow", startNanoseconds: 1_007_000_000, lengthNanoseconds: 60_000_000_000) + "\n",
    ].joined()
    let expected = """
      #made here
      #[Histogram log format version 1.3]
      #[StartTime: 1795478400.007 (seconds since epoch), 2026-11-24T00:00:00.007Z]
      #[BaseTime: 1795478400.007 (seconds since epoch)]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
      0.000,1.007,1500.000,\(HDRCodecTests.goldenOfFive)
      Tag=today__all_now,1.007,60.000,1500.000,\(HDRCodecTests.goldenOfFive)

      """
    #expect(log == expected)
  }
}

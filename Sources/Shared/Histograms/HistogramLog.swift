/// A log of interval histograms, one line each, that HdrHistogram's own tools read.
///
/// Source: HdrHistogram, `HistogramLogWriter.java`, log format 1.3.
package enum HistogramLog {
  /// The lines before the first interval's.
  /// - Parameters:
  ///   - startMilliseconds: the wall-clock anchor, since 1970; interval times are relative to it.
  ///   - startText: the same for people.
  ///   - comments: lines at the head; a line break within one becomes a space.
  package static func head(startMilliseconds: Int64, startText: String, comments: [String] = []) -> String {
    let epoch = thousandths(UInt64(max(0, startMilliseconds)))
    return comments.map { "#\(oneLine($0))\n" }.joined() + """
      #[Histogram log format version 1.3]
      #[StartTime: \(epoch) (seconds since epoch), \(oneLine(startText))]
      #[BaseTime: \(epoch) (seconds since epoch)]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

      """
  }

  /// An interval, without a line break. The maximum is written in milliseconds, the histogram's own values are
  /// nanoseconds. Samples without a value are counted at `HistogramLayout.highestTrackable`.
  /// - Parameters:
  ///   - tag: nil for the series that tools read by default; commas, spaces and line breaks become `_`.
  ///   - startNanoseconds: since the log's start.
  package static func line(
    _ histogram: Histogram, tag: String? = nil, startNanoseconds: UInt64, lengthNanoseconds: UInt64
  ) throws(HistogramCodecError) -> String {
    [
      tag.map { "Tag=\(Self.tag($0))" }, thousandths(startNanoseconds / 1_000_000),
      thousandths(lengthNanoseconds / 1_000_000), thousandths(histogram.encodedMaximum / 1_000),
      try histogram.encodedHDRText(),
    ].compactMap(\.self).joined(separator: ",")
  }

  private static func tag(_ name: String) -> String {
    String(name.map { $0 == "," || $0.isWhitespace || $0.isNewline ? "_" : $0 })
  }

  private static func oneLine(_ line: String) -> String { String(line.map { $0.isNewline ? " " : $0 }) }

  private static func thousandths(_ value: UInt64) -> String {
    let fraction = String(value % 1_000)
    return "\(value / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}

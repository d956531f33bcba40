package import BenchEngine
package import Evidence
import Glibc
import Histograms
import Measures

/// A run second by second: the report's timeline, and the latency log's lines of all steps.
///
/// A fold whose memory does not grow with the run: a second's histograms are encoded when it ends, into a file without a
/// name, and of more than `limit` points neighbours are put together, their quantiles read from that file again.
package final class Timeline {
  /// Points of the report.
  package static let limit = 600

  private struct Point {
    var figures: TimelineFigures
    /// How many seconds it is of.
    var seconds = 1

    /// The next one; quantiles are read from the file in the end.
    mutating func add(_ next: Point) {
      seconds += next.seconds
      figures.elapsedSeconds = next.figures.elapsedSeconds
      figures.active = next.figures.active
      figures.waiting = next.figures.waiting
      figures.completed += next.figures.completed
      figures.failed += next.figures.failed
      figures.unanswered += next.figures.unanswered
      figures.maximum = [figures.maximum, next.figures.maximum].compactMap(\.self).max()
    }
  }

  private let file: UnsafeMutablePointer<FILE>
  private let folder: String
  private var points: [Point] = []
  /// Seconds that a point is to be of.
  private var width = 1
  private var end: UInt64 = 0
  private var failure: EvidenceError?

  /// - Parameter folder: where the file is, until this object goes.
  package init(folder: String) throws(EvidenceError) {
    let path = "\(folder)/.seconds.\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
    guard let file = fopen(path, "w+xe") else { throw Self.unwritable(folder) }
    unlink(path)
    self.file = file
    self.folder = folder
  }

  deinit { fclose(file) }

  /// What can't be kept is an error of `figures` and `lines`.
  package func add(_ second: Second) {
    do throws(HistogramCodecError) {
      let start = end
      end = max(start, second.elapsedNanoseconds)
      let line = try HistogramLog.line(
        second.response, tag: second.isWarmUp ? "_warm_up" : nil, startNanoseconds: start,
        lengthNanoseconds: end - start)
      let record = Record(
        line: line, start: start, unanswered: second.response.unanswered, beyondRange: second.response.beyondRange,
        lag: try second.lag.encodedHDRText())
      if fputs(record.text, file) < 0 { failure = failure ?? Self.unwritable(folder) }
    } catch {
      failure = failure ?? EvidenceError(.unwritable, "\(folder): the run's seconds can't be kept: \(error)")
    }
    let figures = TimelineFigures(second)
    if let last = points.indices.last, points[last].seconds < width,
      points[last].figures.isWarmUp == figures.isWarmUp
    {
      points[last].add(Point(figures: figures))
    } else {
      points.append(Point(figures: figures))
    }
    if points.count > Self.limit { halve() }
  }

  private func halve() {
    width *= 2
    var halved: [Point] = []
    for point in points {
      if let last = halved.indices.last, halved[last].seconds + point.seconds <= width,
        halved[last].figures.isWarmUp == point.figures.isWarmUp
      {
        halved[last].add(point)
      } else {
        halved.append(point)
      }
    }
    points = halved
  }

  /// At most `limit` points, in the order of time.
  package func figures() throws -> [TimelineFigures] {
    guard width > 1 else { return points.map(\.figures) }
    var result: [TimelineFigures] = []
    var left = 0
    var response = Histogram()
    var lag = Histogram()
    try records { record throws in
      if left == 0 {
        left = points[result.count].seconds
        response = Histogram()
        lag = Histogram()
      }
      response.merge(try record.response())
      lag.merge(try Histogram(hdrText: record.lag))
      left -= 1
      guard left == 0 else { return }
      var figures = points[result.count].figures
      figures.setQuantiles(response, lag: lag)
      result.append(figures)
    }
    return result
  }

  /// The log's lines, with the time at which each begins in nanoseconds.
  package func lines(_ take: (_ line: String, _ start: UInt64) throws -> Void) throws {
    try records { try take($0.line, $0.start) }
  }

  private func records(_ take: (Record) throws -> Void) throws {
    if let failure { throw failure }
    guard fflush(file) == 0 else { throw Self.unwritable(folder) }
    rewind(file)
    defer { fseek(file, 0, SEEK_END) }
    var buffer: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(buffer) }
    while getline(&buffer, &capacity, file) > 0, let buffer {
      guard let record = Record(String(cString: buffer)) else {
        throw EvidenceError(.unreadable, "\(folder): the run's seconds were not kept as they were written")
      }
      try take(record)
    }
  }

  private static func unwritable(_ folder: String) -> EvidenceError {
    EvidenceError(
      .unwritable, "\(folder): the run's seconds can't be kept: \(String(cString: strerror(errno)))")
  }

  /// A second in the file: one line of it.
  private struct Record {
    var line: String
    var start: UInt64
    var unanswered: UInt64
    var beyondRange: UInt64
    var lag: String

    var text: String { "\(start) \(unanswered) \(beyondRange) \(lag) \(line)\n" }

    init(line: String, start: UInt64, unanswered: UInt64, beyondRange: UInt64, lag: String) {
      self.line = line
      self.start = start
      self.unanswered = unanswered
      self.beyondRange = beyondRange
      self.lag = lag
    }

    init?(_ text: String) {
      let parts = text.split(separator: " ", maxSplits: 4)
      guard parts.count == 5, let start = UInt64(parts[0]), let unanswered = UInt64(parts[1]),
        let beyondRange = UInt64(parts[2]), parts[4].last == "\n"
      else { return nil }
      self.init(
        line: String(parts[4].dropLast()), start: start, unanswered: unanswered, beyondRange: beyondRange,
        lag: String(parts[3]))
    }

    func response() throws(HistogramCodecError) -> Histogram {
      try Histogram(
        hdrText: String(line.split(separator: ",").last ?? ""), unanswered: unanswered, beyondRange: beyondRange)
    }
  }
}

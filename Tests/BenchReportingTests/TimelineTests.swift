import BenchEngine
import Evidence
import Foundation
import Histograms
import Testing

@testable import BenchReporting

/// A run's seconds as a fold: few points of many seconds, as exact as the seconds were.
struct TimelineTests {
  /// In second `number` ten answers of so many milliseconds, and one without a time.
  private static func second(_ number: Int, isWarmUp: Bool = false) -> Second {
    var second = Second()
    second.elapsedNanoseconds = UInt64(number + 1) * 1_000_000_000
    second.isWarmUp = isWarmUp
    second.active = number
    second.completed = 10
    second.failed = 1
    second.response.record(UInt64(number + 1) * 1_000_000, times: 10)
    second.response.recordUnanswered()
    second.lag.record(UInt64(number + 1) * 1_000, times: 11)
    return second
  }

  private static func timeline(_ count: Int, warmUp: Int = 0) throws -> Timeline {
    let timeline = try Timeline(folder: NSTemporaryDirectory())
    for number in 0..<count { timeline.add(second(number, isWarmUp: number < warmUp)) }
    return timeline
  }

  @Test("600 seconds are 600 points")
  func short() throws {
    let points = try Self.timeline(600).figures()
    #expect(points == (0..<600).map { TimelineFigures(Self.second($0)) })
  }

  @Test(
    "of more there are at most 600, none across the end of the warm-up; counts add up, quantiles are of all samples",
    arguments: [(601, 0), (601, 7), (1_201, 31), (3_600, 30), (10_000, 9_999)])
  func long(count: Int, warmUp: Int) throws {
    let timeline = try Self.timeline(count, warmUp: warmUp)
    let points = try timeline.figures()
    #expect(points.count <= Timeline.limit && points.count > Timeline.limit / 2 - 2)
    #expect(points.reduce(0) { $0 + $1.completed } == UInt64(count) * 10)
    #expect(points.reduce(0) { $0 + $1.failed } == UInt64(count))
    #expect(points.last?.elapsedSeconds == Double(count))
    var from = 0
    for point in points {
      let to = Int(point.elapsedSeconds)
      var (response, lag) = (Histogram(), Histogram())
      for number in from..<to {
        #expect((number < warmUp) == point.isWarmUp)
        response.merge(Self.second(number).response)
        lag.merge(Self.second(number).lag)
      }
      for (found, expected) in [
        (point.p50, response.value(at: 0.5)), (point.p95, response.value(at: 0.95)),
        (point.lagP99, lag.value(at: 0.99)),
      ] {
        let expected = try #require(expected)
        #expect(
          expected.isFinite
            ? abs(try #require(found) * 1e6 - expected) <= expected / 1_000 : found == nil)
      }
      #expect(point.unanswered == UInt64(to - from) && point.maximum == Double(to))
      from = to
    }
    var lines = 0
    try timeline.lines { line, start in
      #expect(start == UInt64(lines) * 1_000_000_000 && line.hasPrefix("Tag=_warm_up,") == (lines < warmUp))
      lines += 1
    }
    #expect(lines == count)
    #expect(try timeline.figures() == points)
  }

  @Test("the file has no name; a folder that isn't there is an error that says so")
  func file() throws {
    let folder = NSTemporaryDirectory() + "timeline-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let timeline = try Timeline(folder: folder)
    timeline.add(Self.second(0))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    let error = #expect(throws: EvidenceError.self) { try Timeline(folder: folder + "/none") }
    #expect(error?.message.contains(folder + "/none") == true)
  }
}

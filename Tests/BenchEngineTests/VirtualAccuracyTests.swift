import Histograms
import Measures
import Testing

@testable import BenchEngine

/// The figures against arithmetic, in virtual time: due times from the schedule, a server made of two lines, the
/// recorder that runs count into. What a real machine adds is measured by `Benchmarks/accuracy`.
struct VirtualAccuracyTests {
  private static let second: UInt64 = 1_000_000_000

  /// Response times from the intended start, where `served` says when an arrival that is due gets its answer.
  private func responses(
    rate: Double, seconds: Int, arrivals: Arrivals = .even, served: (_ due: UInt64, _ index: Int) -> UInt64
  ) -> Histogram {
    let schedule = ArrivalSchedule([.init(duration: .seconds(seconds), target: rate, isStep: true)])
    var cursor = ArrivalCursor(schedule, arrivals, seed: 3)
    let recorder = UnsafeMutablePointer<StepRecorder>.allocate(capacity: 1)
    recorder.initialize(to: StepRecorder(checks: 0))
    defer {
      recorder.deinitialize(count: 1)
      recorder.deallocate()
    }
    while let due = cursor.dueNanoseconds {
      recorder.pointee.response.record(served(due, cursor.index) - due)
      cursor.advance()
    }
    var tally = StepMeasure()
    tally.add(recorder.pointee)
    return tally.response
  }

  @Test(
    "a server frozen for 1 s in 10 s: p99, p99.9 and max are within 2 % of 0.9 s, 0.99 s and 1 s",
    arguments: [Arrivals.even, .poisson])
  func frozen(arrivals: Arrivals) throws {
    // Answers take 0.2 ms; whoever is due within the frozen second waits for its end.
    let histogram = responses(rate: 2_000, seconds: 60, arrivals: arrivals) { due, _ in
      let phase = due % (10 * Self.second)
      let thaw = due - phase + Self.second
      return (phase < Self.second ? thaw : due) + 200_000
    }
    // A tenth of the arrivals waits (1 − x) s, x even in 0...1: the share that waits longer than t is (1 − t) ÷ 10.
    for (quantile, seconds) in [(0.99, 0.9), (0.999, 0.99), (1, 1)] {
      let value = try #require(histogram.value(at: quantile)) / 1e9
      #expect(abs(value - seconds) / seconds < 0.02, "p\(quantile * 100): \(value)")
    }
    #expect(try #require(histogram.value(at: 0.5)) < 250_000)
  }

  @Test("timing from the send instead would have hidden it: the test can tell")
  func hidden() throws {
    // One connection after another: while the server is frozen nothing is sent, so one request sees the second.
    var free: UInt64 = 0
    let histogram = responses(rate: 2_000, seconds: 60) { due, _ in
      let begun = max(due, free)
      let phase = begun % (10 * Self.second)
      let done = (phase < Self.second ? begun - phase + Self.second : begun) + 200_000
      free = done
      return due + (done - begun)
    }
    #expect(try #require(histogram.value(at: 0.99)) < 0.5e9)
  }

  /// The delay at a share of a distribution.
  private enum Delay: String, CaseIterable, Sendable {
    case constant, uniform, exponential, bimodal

    func nanoseconds(_ share: Double) -> Double {
      switch self {
      case .constant: 40e6
      case .uniform: 10e6 + share * 90e6
      case .exponential: -30e6 * Self.logarithm(1 - share)
      case .bimodal: share < 0.97 ? 5e6 : 800e6
      }
    }

    /// ln x for x in 0...1 by its series: the test owes nothing to the library that the engine uses.
    private static func logarithm(_ x: Double) -> Double {
      var value = x
      var halvings = 0.0
      while value < 0.7 {
        value *= 2
        halvings += 1
      }
      let y = (value - 1) / (value + 1)
      var sum = 0.0
      var power = y
      for term in stride(from: 1.0, through: 61, by: 2) {
        sum += power / term
        power *= y * y
      }
      return 2 * sum - halvings * 0.693_147_180_559_945_3
    }
  }

  @Test("a server that adds a known delay: each percentile is within 1 % of it", arguments: Delay.allCases)
  private func delays(delay: Delay) throws {
    let count = 200_000
    let histogram = responses(rate: 2_000, seconds: count / 2_000) { due, index in
      // Each share once, in an order that has nothing to do with time: 77,773 has no factor of 200,000.
      let share = (Double((index * 77_773) % count) + 0.5) / Double(count)
      return due + UInt64(delay.nanoseconds(share).rounded())
    }
    #expect(histogram.count == UInt64(count))
    for quantile in [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999] {
      let value = try #require(histogram.value(at: quantile))
      let expected = delay.nanoseconds(quantile)
      #expect(abs(value - expected) / expected < 0.01, "p\(quantile * 100): \(value), expected \(expected)")
    }
  }
}

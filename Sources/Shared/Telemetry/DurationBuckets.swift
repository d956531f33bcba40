import Synchronization

/// How long something took, counted in a few fixed buckets: Prometheus' histogram, in seconds.
package final class DurationBuckets: Sendable {
  /// Upper bounds in seconds, ascending; a last bucket takes everything above.
  package static let defaultBounds: [Double] = [0.001, 0.005, 0.025, 0.1, 0.3, 1, 5]

  package let boundsNanoseconds: [Int64]
  private let state: Mutex<State>

  private struct State {
    var counts: [Int]
    var sumNanoseconds: Int64 = 0
  }

  package init(boundsSeconds: [Double] = defaultBounds) {
    boundsNanoseconds = boundsSeconds.map { Int64($0 * 1e9) }
    state = Mutex(State(counts: Array(repeating: 0, count: boundsSeconds.count + 1)))
  }

  package func record(nanoseconds: Int64) {
    let bucket = boundsNanoseconds.firstIndex { nanoseconds <= $0 } ?? boundsNanoseconds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sumNanoseconds &+= nanoseconds
    }
  }

  /// Counts of each bucket (not cumulative; one more than there are bounds) and the sum of all durations in seconds.
  package var snapshot: (counts: [Int], sumSeconds: Double) {
    state.withLock { ($0.counts, Double($0.sumNanoseconds) / 1e9) }
  }
}

/// A request that the end of the run found under way. Times are nanoseconds of the monotonic clock.
package struct OpenRequest {
  var step: Int
  var isWarmUp: Bool
  /// Whose iteration it belongs to.
  var place: Int
  var intended: UInt64
  var dispatched: UInt64

  /// Whether it has had its time: the run's grace, at least a second, and twice as long as the slowest answer that its
  /// step gave within the planned time (of a few requests four times as long, which may be one tail's), so that a
  /// service that is always slow is not called dead.
  /// - Parameters:
  ///   - age, grace, slowest: nanoseconds.
  ///   - count: requests of the step that are still open.
  package static func isUnanswered(age: UInt64, grace: UInt64, slowest: UInt64, among count: Int) -> Bool {
    age >= max(grace, 1_000_000_000, min(slowest, .max / 4) * (count < few ? 4 : 2))
  }

  private static let few = 5
}

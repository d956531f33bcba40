/// An attempt of a closed model that took over `minimum`: while it was open, its user asked for nothing else.
package struct SlowAttempt: Sendable, Equatable {
  /// Half of the shortest silence, in nanoseconds.
  package static let minimum: UInt64 = 500_000_000

  package var step: Int
  /// Nanoseconds since the load's start.
  package var intended: UInt64
  package var ended: UInt64
  /// An answer or a timeout; false for what ranks above every time.
  package var hasTime: Bool

  package init(step: Int, intended: UInt64, ended: UInt64, hasTime: Bool) {
    self.step = step
    self.intended = intended
    self.ended = ended
    self.hasTime = hasTime
  }
}

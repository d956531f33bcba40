/// A stretch in which this host woke nobody, not even the control timer. Nanoseconds since the run's start.
package struct HostGap: Sendable, Equatable {
  /// A timer that is this late has stood still.
  package static let minimum: UInt64 = 500_000_000

  package var start: UInt64
  package var end: UInt64

  package init(start: UInt64, end: UInt64) {
    self.start = start
    self.end = end
  }
}

import Glibc

/// One worker's share of a schedule's arrivals, in order: every `stride`-th, beginning with number `first`.
///
/// Even arrivals are due where the integral of the rate reaches their number. Poisson arrivals are due where it reaches
/// a sum of exponential draws of mean 1: the time change that makes an inhomogeneous Poisson process of a constant one.
/// The draws belong to the arrivals' numbers, so every worker count sees the same arrivals.
package struct ArrivalCursor: Sendable {
  /// The arrival's number among all workers'.
  package private(set) var index: Int
  /// When it is due, nanoseconds since the run's start; nil when there are no more.
  package private(set) var dueNanoseconds: UInt64?

  private let schedule: ArrivalSchedule
  private let stride: Int
  /// Nil for even arrivals.
  private let seed: UInt64?
  /// Poisson: the integral at which arrival `drawn − 1` is due.
  private var level = 0.0
  private var drawn = 0

  package init(_ schedule: ArrivalSchedule, _ arrivals: Arrivals, seed: UInt64, first: Int = 0, stride: Int = 1) {
    self.schedule = schedule
    self.stride = stride
    self.seed = arrivals == .poisson ? seed ^ 0x706F_6973_736F_6E00 : nil
    index = first
    find()
  }

  /// Goes on to the next arrival of this share.
  package mutating func advance() {
    index &+= stride
    find()
  }

  private mutating func find() {
    guard let seed else {
      dueNanoseconds = index < schedule.count ? schedule.dueNanoseconds(index) : nil
      return
    }
    while drawn <= index {
      level -= log1p(-RandomDraw.unit(seed: seed, UInt64(drawn)))
      drawn &+= 1
    }
    dueNanoseconds = level < schedule.total ? schedule.nanoseconds(reaching: level) : nil
  }
}

/// Which virtual users are active when. User *k* is active while the number of users, which runs linearly within a
/// stage, is at least *k*: a ramp from 0 to 100 in 10 s starts one user each 100 ms, the first at once.
package struct UserSchedule: Sendable {
  /// The highest number of users at any time.
  package let peak: Int

  /// Of a user: what rounding to whole nanoseconds may move a crossing by.
  private static let tolerance = 1e-6

  private let segments: [Segment]

  private struct Segment {
    /// Nanoseconds since the run's start.
    var start: Double
    var duration: Double
    var users: Double
    var finalUsers: Double
  }

  package init(_ stages: [Workload.Stage]) {
    var segments: [Segment] = []
    var start = 0.0
    var users = 0.0
    for stage in stages {
      let duration = Double(stage.duration.nanoseconds)
      if duration > 0 {
        segments.append(
          Segment(
            start: start, duration: duration, users: stage.isStep ? stage.target : users, finalUsers: stage.target))
        start += duration
      }
      users = stage.target
    }
    self.segments = segments
    peak = Int((segments.map { max($0.users, $0.finalUsers) }.max() ?? 0).rounded())
  }

  /// Nanoseconds until the number of users first falls, or the schedule ends.
  var firstDecline: UInt64 {
    var users = 0.0
    for segment in segments {
      if segment.users < users || segment.finalUsers < segment.users { return UInt64(segment.start) }
      users = segment.finalUsers
    }
    return UInt64(segments.last.map { $0.start + $0.duration } ?? 0)
  }

  package func isActive(_ user: Int, at nanoseconds: UInt64) -> Bool {
    guard user < peak else { return false }
    let time = Double(nanoseconds)
    guard let segment = segments.first(where: { time >= $0.start && time < $0.start + $0.duration }) else {
      return false
    }
    // 10 users are those numbered 0 to 9; a ramp to 11 starts number 10 at its beginning.
    guard Double(user) < max(segment.users, segment.finalUsers) - Self.tolerance else { return false }
    let share = (time - segment.start) / segment.duration
    return segment.users + (segment.finalUsers - segment.users) * share >= Double(user) - Self.tolerance
  }

  /// The first time at or after `nanoseconds` at which `user` is active; nil when there is none.
  package func nextStart(of user: Int, after nanoseconds: UInt64) -> UInt64? {
    guard user < peak else { return nil }
    if isActive(user, at: nanoseconds) { return nanoseconds }
    let target = Double(user)
    for segment in segments where segment.start + segment.duration > Double(nanoseconds) {
      let from = max(segment.start, Double(nanoseconds))
      if segment.users >= target, isActive(user, at: UInt64(from)) { return UInt64(from) }
      if segment.finalUsers > segment.users, segment.finalUsers > target + Self.tolerance {
        let crossing =
          segment.start + (target - segment.users) / (segment.finalUsers - segment.users) * segment.duration
        if crossing >= from, crossing < segment.start + segment.duration { return UInt64(crossing.rounded(.up)) }
      }
    }
    return nil
  }
}

/// A moment as somebody wrote it.
package struct Instant: Sendable, Equatable {
  /// Since 1970; as if in UTC where no zone was named.
  package var seconds: Int64
  /// 0..<1 of the second.
  package var fraction: Double = 0
  /// Of the named zone, in seconds east of UTC; nil where none was named.
  package var zoneOffset: Int?

  package init(seconds: Int64, fraction: Double = 0, zoneOffset: Int?) {
    self.seconds = seconds
    self.fraction = fraction
    self.zoneOffset = zoneOffset
  }

  package var hasZone: Bool { zoneOffset != nil }

  /// Seconds, milli-, micro- or nanoseconds since 1970, told by their size: 2000 to 2099.
  package init?(epoch number: Double) {
    for scale in [1.0, 1e3, 1e6, 1e9] {
      let seconds = number / scale
      guard seconds >= 946_684_800, seconds < 4_102_444_800 else { continue }
      let whole = seconds.rounded(.down)
      self.init(seconds: Int64(whole), fraction: seconds - whole, zoneOffset: 0)
      return
    }
    return nil
  }
}

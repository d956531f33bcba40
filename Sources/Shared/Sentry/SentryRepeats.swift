/// Holds back what is logged again and again: of one fingerprint so many a minute. Times are monotonic seconds.
struct SentryRepeats: Sendable {
  static let perMinute = 10
  /// Fingerprints that are remembered; beyond them the one whose minute began first is forgotten.
  static let remembered = 200

  private var minutes: [[String]: (start: Double, count: Int)] = [:]

  var count: Int { minutes.count }

  mutating func admits(_ fingerprint: [String], at time: Double) -> Bool {
    if var minute = minutes[fingerprint], time - minute.start < 60 {
      guard minute.count < Self.perMinute else { return false }
      minute.count += 1
      minutes[fingerprint] = minute
      return true
    }
    minutes[fingerprint] = (time, 1)
    if minutes.count > Self.remembered, let oldest = minutes.min(by: { $0.value.start < $1.value.start }) {
      minutes[oldest.key] = nil
    }
    return true
  }
}

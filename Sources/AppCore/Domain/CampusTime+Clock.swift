extension CampusTime {
  /// `09:30`, at a moment in seconds since 1970.
  package static func clock(at seconds: Double) -> String {
    let minutes = Int((seconds / 60).rounded(.down)) + offsetSeconds / 60
    let minuteOfDay = (minutes % 1_440 + 1_440) % 1_440
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return padded(minuteOfDay / 60) + ":" + padded(minuteOfDay % 60)
  }
}

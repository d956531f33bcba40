/// A timing cell read as clock times: `03:30 PM to 07:00 PM`, `08:00-14:00`, `20:00 – 08:00` (ends the next day),
/// `9 AM - 1 PM`, `9.30 am to 1`.
package struct DutyTiming: Sendable, Hashable {
  /// Minutes after midnight of the duty's day, 0..<1440.
  package var start: Int
  /// Minutes after midnight of the day on which the duty ends, 0...1440.
  package var end: Int
  /// An end that is not after the start is the next day's.
  package var endsNextDay: Bool

  package init(start: Int, end: Int, endsNextDay: Bool) {
    self.start = start
    self.end = end
    self.endsNextDay = endsNextDay
  }

  /// Nil for text that is not exactly one period, or that leaves open which half of the day is meant (`9-5`). Where
  /// one side alone says AM or PM, the other side takes the half that puts it on the right side of it.
  package static func parse(_ text: String) -> DutyTiming? {
    guard text.utf8.count <= 200 else { return nil }
    var reader = ClockReader(text)
    reader.skipOpening()
    guard let first = reader.time(), reader.separator(), let last = reader.time(), reader.isAtEnd else { return nil }
    guard let (start, end) = resolve(first, last), start < 1_440, end <= 1_440 else { return nil }
    return DutyTiming(start: start, end: end, endsNextDay: end <= start)
  }

  private static func resolve(_ first: ClockTime, _ last: ClockTime) -> (start: Int, end: Int)? {
    switch (first.half, last.half) {
    case (nil, nil):
      guard first.hasMinutes || last.hasMinutes, let start = first.minutes, let end = last.minutes else { return nil }
      // `10:00-1:00` is a morning rather than fifteen hours; a clock of 24 hours would write 01:00.
      if end <= start, first.hour <= 12, last.hour <= 12, !(first.isPadded && last.isPadded) { return nil }
      return (start, end)
    case (nil, .some(let half)) where first.hour <= 12:
      guard let end = last.minutes else { return nil }
      let candidates = [half, half.other].compactMap { first.minutes(in: $0) }
      return (candidates.first { $0 < end } ?? candidates.first).map { ($0, end) }
    case (.some(let half), nil) where last.hour <= 12:
      guard let start = first.minutes else { return nil }
      let candidates = [half, half.other].compactMap { last.minutes(in: $0) }
      return (candidates.first { $0 > start } ?? candidates.last).map { (start, $0) }
    default:
      guard let start = first.minutes, let end = last.minutes else { return nil }
      return (start, end)
    }
  }
}

/// One clock time as it is written.
struct ClockTime {
  enum Half {
    case am, pm
    var other: Half { self == .am ? .pm : .am }
  }

  var hour: Int
  var minute: Int
  var hasMinutes: Bool
  /// Written with two digits.
  var isPadded = true
  var half: Half?

  var minutes: Int? {
    guard let half else { return hour < 24 || (hour == 24 && minute == 0) ? hour * 60 + minute : nil }
    return minutes(in: half)
  }

  /// `14:00 PM` is what people write, and has one meaning; `14:00 AM` has none.
  func minutes(in half: Half) -> Int? {
    if hour > 12 { return half == .pm && hour < 24 ? hour * 60 + minute : nil }
    return (hour % 12 + (half == .pm ? 12 : 0)) * 60 + minute
  }
}

/// Reads clock times and what stands between them, with any white space and case.
struct ClockReader {
  private var rest: ArraySlice<Unicode.Scalar>

  init(_ text: String) {
    rest = Array(text.lowercased().unicodeScalars.filter { !$0.properties.isWhitespace })[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// `from 9 AM to 1 PM`
  mutating func skipOpening() { _ = take("from") }

  mutating func time() -> ClockTime? {
    for (word, hour, half) in [("noon", 12, ClockTime.Half.pm), ("midnight", 12, .am)] where take(word) {
      return ClockTime(hour: hour, minute: 0, hasMinutes: true, half: half)
    }
    guard var digits = number(maxDigits: 4) else { return nil }
    var minute = 0
    var hasMinutes = false
    if digits.count <= 2, let mark = rest.first, ":.".unicodeScalars.contains(mark) {
      // A dot may also end the hour of `9 a.m.`, but then no digit follows it.
      rest.removeFirst()
      guard let written = number(maxDigits: 2), written.count == 2 else { return nil }
      minute = written.value
      hasMinutes = true
    } else if digits.count == 4 {
      minute = digits.value % 100
      digits.value /= 100
      hasMinutes = true
    } else if digits.count == 3 {
      return nil
    }
    guard minute < 60, digits.value <= 24 else { return nil }
    var time = ClockTime(
      hour: digits.value, minute: minute, hasMinutes: hasMinutes, isPadded: digits.count != 1, half: nil)
    if take("midnight") || take("a.m.") || take("a.m") || take("am.") || take("am") {
      time.half = .am
    } else if take("p.m.") || take("p.m") || take("pm.") || take("pm") || take("noon") {
      time.half = .pm
    }
    _ = take("hours") || take("hrs.") || take("hrs") || take("ist")
    return time
  }

  /// At least one dash or word that leads from one time to the next.
  mutating func separator() -> Bool {
    let words = ["upto", "until", "till", "to", "-", "‐", "‑", "‒", "–", "—", "−", "~"]
    var isFound = false
    while words.contains(where: { take($0) }) { isFound = true }
    return isFound
  }

  private mutating func take(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    guard rest.starts(with: scalars) else { return false }
    rest.removeFirst(scalars.count)
    return true
  }

  private mutating func number(maxDigits: Int) -> (value: Int, count: Int)? {
    let digits = rest.prefix { $0.value >= 0x30 && $0.value <= 0x39 }
    guard !digits.isEmpty, digits.count <= maxDigits else { return nil }
    rest.removeFirst(digits.count)
    return (digits.reduce(0) { $0 * 10 + Int($1.value - 0x30) }, digits.count)
  }
}

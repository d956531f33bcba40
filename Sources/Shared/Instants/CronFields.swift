/// Five fields as in a crontab: minute, hour, day of the month, month, day of the week; of no zone.
///
/// Lists, ranges, steps and names are read (`*/15 6-22 * * MON-SAT`). Source: POSIX.1-2017, `crontab`; steps, names and 7
/// for Sunday as in Vixie cron.
package struct CronFields: Sendable, Equatable, CustomStringConvertible {
  package let description: String
  package let minutes: Set<Int>
  package let hours: Set<Int>
  private let days: Set<Int>
  private let months: Set<Int>
  private let weekdays: Set<Int>
  private let restrictsDay: Bool
  private let restrictsWeekday: Bool

  /// Nil for what is no such expression.
  package init?(_ text: String) {
    let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard fields.count == 5, let minutes = Self.values(fields[0], in: 0...59),
      let hours = Self.values(fields[1], in: 0...23), let days = Self.values(fields[2], in: 1...31),
      let months = Self.values(fields[3], in: 1...12, names: Self.monthNames),
      let weekdays = Self.values(fields[4], in: 0...7, names: Self.weekdayNames)
    else { return nil }
    description = fields.joined(separator: " ")
    self.minutes = minutes
    self.hours = hours
    self.days = days
    self.months = months
    self.weekdays = Set(weekdays.map { $0 % 7 })
    restrictsDay = !fields[2].hasPrefix("*")
    restrictsWeekday = !fields[4].hasPrefix("*")
  }

  /// Whether it runs on a day. Where both kinds of day are restricted, one that fits is enough.
  /// - Parameter weekday: Sunday is 0.
  package func fits(month: Int, day: Int, weekday: Int) -> Bool {
    guard months.contains(month) else { return false }
    let (fitsDay, fitsWeekday) = (days.contains(day), weekdays.contains(weekday))
    return restrictsDay && restrictsWeekday ? fitsDay || fitsWeekday : fitsDay && fitsWeekday
  }

  /// False for a date that no year has, such as 30 February.
  package var everComes: Bool {
    restrictsWeekday
      || months.contains { month in
        let longest = month == 2 ? 29 : [4, 6, 9, 11].contains(month) ? 30 : 31
        return days.contains { $0 <= longest }
      }
  }

  private static func values(_ field: String, in range: ClosedRange<Int>, names: [String] = []) -> Set<Int>? {
    guard field.utf8.count <= 200 else { return nil }
    var values: Set<Int> = []
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let span = pieces.first.flatMap({ self.span(String($0), in: range, names: names) }) else { return nil }
      guard pieces.count == 2 else {
        values.formUnion(span)
        continue
      }
      guard let step = number(pieces[1]), step > 0 else { return nil }
      // `5/10` begins at 5 and goes on to the end.
      let end = span.count == 1 && !pieces[0].contains("-") && pieces[0] != "*" ? range.upperBound : span.upperBound
      values.formUnion(stride(from: span.lowerBound, through: end, by: step))
    }
    return values.isEmpty ? nil : values
  }

  private static func span(_ text: String, in range: ClosedRange<Int>, names: [String]) -> ClosedRange<Int>? {
    if text == "*" { return range }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { end in
      names.firstIndex(of: end.uppercased()).map { $0 + range.lowerBound } ?? number(end)
    }
    guard let first = ends.first.flatMap(\.self), let last = ends.last.flatMap(\.self), first <= last,
      range.contains(first), range.contains(last)
    else { return nil }
    return first...last
  }

  private static func number(_ text: Substring) -> Int? {
    text.count <= 4 && text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }

  private static let monthNames = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
}

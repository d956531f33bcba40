/// The date in a worksheet's name: `23/11/2026 MONDAY`, `25/11/2026WEDNESDAY`, `25-11-2026`, `25. 11. 26`,
/// `2026-11-25`, `25th Nov 2026`, `November 25, 2026`.
package enum SheetDate {
  /// The first date in `name`, day before month; nil when there is none. The weekday is not looked at.
  package static func parse(_ name: String) -> CalendarDay? {
    let tokens = tokens(of: String(name.unicodeScalars.prefix(200)))
    for index in tokens.indices {
      guard index + 2 < tokens.count else { return nil }
      let (first, second, third) = (tokens[index], tokens[index + 1], tokens[index + 2])
      if case .number(let year, 4) = first, let month = month(second), case .number(let day, 1...2) = third,
        let date = CalendarDay(year: year, month: month, day: day)
      {
        return date
      }
      if case .number(let day, 1...2) = first, let month = month(second), case .number(let year, let digits) = third,
        digits == 4 || digits == 2,
        let date = CalendarDay(year: digits == 4 ? year : 2_000 + year, month: month, day: day)
      {
        return date
      }
      if case .word = first, let month = month(first), case .number(let day, 1...2) = second,
        case .number(let year, 4) = third, let date = CalendarDay(year: year, month: month, day: day)
      {
        return date
      }
    }
    return nil
  }

  /// The weekday that the name claims, if any.
  package static func claimedWeekday(_ name: String) -> Weekday? {
    let text = name.prefix(200).lowercased()
    return Weekday.allCases.first { text.contains($0.rawValue) }
  }

  private enum Token {
    case number(Int, digits: Int)
    case word(String)
  }

  private static func month(_ token: Token) -> Int? {
    switch token {
    case .number(let month, 1...2): return month
    case .word(let word) where word.count >= 3: return months.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
    default: return nil
    }
  }

  /// Runs of digits and of letters; whatever else stands between them only separates. An ordinal's `th` is dropped.
  private static func tokens(of name: String) -> [Token] {
    var tokens: [Token] = []
    var rest = name.lowercased().unicodeScalars[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.value >= 0x30 && $0.value <= 0x39 }
      let letters = rest.prefix(while: \.properties.isAlphabetic)
      if !digits.isEmpty {
        tokens.append(.number(digits.count > 4 ? 0 : Int(String(digits)) ?? 0, digits: digits.count))
        rest = rest.dropFirst(digits.count)
      } else if !letters.isEmpty {
        let word = String(letters)
        if !["st", "nd", "rd", "th", "of"].contains(word) { tokens.append(.word(word)) }
        rest = rest.dropFirst(letters.count)
      } else {
        rest = rest.dropFirst()
      }
    }
    return tokens
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]
}

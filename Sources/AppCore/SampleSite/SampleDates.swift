import AppDomain

/// Moves the dates of the sample pages: 23/11/2026 becomes `today`, and so on, with the weekday that belongs to it.
struct SampleDates {
  private static let firstSample = CalendarDay(year: 2026, month: 11, day: 23)
  private let offset: Int

  init(today: CalendarDay) {
    offset = today.daysSinceEpoch - (SampleDates.firstSample ?? today).daysSinceEpoch
  }

  /// Rewrites every `DD/MM/YYYY WEEKDAY`, with or without the space, with `/` as it is or escaped as `\/`.
  func shift(_ page: String) -> String {
    let dated = #/(\d\d)(\\?/)(\d\d)\\?/(\d{4})( ?)([A-Z]+DAY)/#
    return page.replacing(dated) { match in
      guard let year = Int(match.4), let month = Int(match.3), let day = Int(match.1),
        let sample = CalendarDay(year: year, month: month, day: day)
      else { return String(match.0) }
      let moved = sample.adding(days: offset)
      let date = moved.dayMonthYear.replacing("/", with: match.2)
      return date + match.5 + moved.weekday.rawValue.uppercased()
    }
  }
}

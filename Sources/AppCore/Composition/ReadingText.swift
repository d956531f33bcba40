import AppDomain
import Foundation
import Terminal
import Wording

/// What a scrape read, for people: a block for each day, columns aligned over all of them.
enum ReadingText {
  static func lines(of reading: ScheduleReading) -> [String] {
    var table = TextTable([.left, .left, .left, .left, .left])
    for duty in reading.days.flatMap(\.duties) { table.add(cells(duty)) }
    var rows = table.lines()[...]
    var lines: [String] = []
    for day in reading.days {
      if !lines.isEmpty { lines.append("") }
      lines.append("\(day.date.weekday.rawValue.capitalized) \(day.date.dayMonthYear)")
      lines += day.duties.isEmpty ? ["  no duties"] : rows.prefix(day.duties.count)
      rows = rows.dropFirst(day.duties.count)
    }
    return lines
  }

  /// `38 duties on 7 days; 2 timings not read`
  static func summary(of reading: ScheduleReading) -> String {
    let unread = reading.unreadTimings
    let timings = unread == 0 ? "" : "; \(CountText.plural(unread, "timing")) not read"
    let (rows, days) = (reading.rowCount, reading.days.count)
    return "\(CountText.plural(rows, "duty", "duties")) on \(CountText.plural(days, "day"))\(timings)"
  }

  private static func cells(_ duty: Duty) -> [String] {
    var time = duty.timing
    if let timing = DutyTiming.parse(duty.timing) {
      time = "\(clock(timing.start))–\(clock(timing.end))\(timing.endsNextDay && timing.end > 0 ? " (+1)" : "")"
    }
    let what = [duty.speciality, duty.shift].compactMap(\.self).joined(separator: ", ")
    return [time, duty.name, duty.room ?? "", what, duty.category == .visiting ? "visiting" : "regular"]
  }

  private static func clock(_ minute: Int) -> String {
    let (hours, minutes) = minute.quotientAndRemainder(dividingBy: 60)
    return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
  }
}

import AppDomain
import Foundation
import Support

/// What a scrape read, for people: a block for each day, columns aligned over all of them.
enum ReadingText {
  static func lines(of reading: ScheduleReading) -> [String] {
    let rows = reading.days.map { day in day.duties.map(cells) }
    var widths: [Int] = []
    for row in rows.joined() {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    var lines: [String] = []
    for (day, rows) in zip(reading.days, rows) {
      if !lines.isEmpty { lines.append("") }
      lines.append("\(day.date.weekday.rawValue.capitalized) \(day.date.dayMonthYear)")
      if rows.isEmpty { lines.append("  no duties") }
      for row in rows {
        let padded = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
        var line = "  " + padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        lines.append(line)
      }
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

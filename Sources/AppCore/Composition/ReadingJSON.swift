import AppDomain
import HTTPService
import Wording

/// What a scrape read, for programs: an array of duties in the order of the worksheets.
enum ReadingJSON {
  static func encode(_ reading: ScheduleReading) -> String {
    var json = JSONWriter(capacity: 64 + reading.rowCount * 320)
    json.array { json in
      for day in reading.days {
        for duty in day.duties { append(duty, of: day, to: &json) }
      }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func append(_ duty: Duty, of day: ScheduleDay, to json: inout JSONWriter) {
    let name = DoctorName(cell: duty.name)
    let timing = DutyTiming.parse(duty.timing)
    json.object { json in
      json.field("date", day.date.iso8601)
      json.field("sheet", day.sheet)
      json.field("category", duty.category.rawValue)
      json.field("name", name.name)
      json.field("qualification", name.qualification)
      json.field("speciality", duty.speciality)
      json.field("room", duty.room)
      json.field("timing", duty.timing.isEmpty ? nil : duty.timing)
      json.field("shift", duty.shift)
      json.field("starts_at", timing.map { CampusTime.iso8601(of: day.date, minute: $0.start) })
      json.field("ends_at", timing.map { CampusTime.iso8601(of: day.date, minute: $0.endMinute) })
    }
  }
}

import AppDomain
import Digests
import Instants

/// The schedule as a calendar to which phones subscribe. Source: RFC 5545; RFC 7986 §5.7 for how often to look again.
struct DutyCalendar {
  private var text = ""
  /// Rows that are the same duty twice need names of their own.
  private var uses: [String: Int] = [:]

  static func encode(_ duties: [PlacedDuty], name: String) -> [UInt8] {
    var calendar = DutyCalendar()
    calendar.line("BEGIN", "VCALENDAR")
    calendar.line("VERSION", "2.0")
    calendar.line("PRODID", "-//outgrown//doctor schedule//EN")
    calendar.line("CALSCALE", "GREGORIAN")
    calendar.line("METHOD", "PUBLISH")
    calendar.line("NAME", escaped(name))
    calendar.line("X-WR-CALNAME", escaped(name))
    calendar.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
    calendar.line("X-PUBLISHED-TTL", "PT1H")
    calendar.appendZone()
    for duty in duties { calendar.append(duty.stored) }
    calendar.line("END", "VCALENDAR")
    return Array(calendar.text.utf8)
  }

  /// Where the health centre is. No event needs it, but a calendar without any component is none (RFC 5545 §3.4).
  private mutating func appendZone() {
    let offset = CampusTime.offset.replacing(":", with: "")
    for (name, value) in [
      ("BEGIN", "VTIMEZONE"), ("TZID", "Asia/Kolkata"), ("BEGIN", "STANDARD"), ("DTSTART", "19700101T000000"),
      ("TZOFFSETFROM", offset), ("TZOFFSETTO", offset), ("TZNAME", "IST"), ("END", "STANDARD"), ("END", "VTIMEZONE"),
    ] {
      line(name, value)
    }
  }

  private mutating func append(_ stored: StoredDuty) {
    let duty = stored.duty
    let name = DoctorName(cell: duty.name)
    line("BEGIN", "VEVENT")
    line("UID", identifier(of: stored))
    let updated = InstantText.basic(stored.updatedAt)
    line("DTSTAMP", updated)
    line("LAST-MODIFIED", updated)
    if let timing = DutyTiming.parse(duty.timing) {
      line("DTSTART", InstantText.basic(CampusTime.instant(of: stored.date, minute: timing.start)))
      line("DTEND", InstantText.basic(CampusTime.instant(of: stored.date, minute: timing.endMinute)))
      line("SUMMARY", Self.escaped(name.name))
    } else {
      // What can't be read as a time is said in words, on its day.
      line("DTSTART;VALUE=DATE", stored.date.iso8601.replacing("-", with: ""))
      line("SUMMARY", Self.escaped("\(name.name) (\(duty.timing))"))
    }
    if let room = duty.room {
      line("LOCATION", Self.escaped(room.lowercased().contains("room") ? room : "Room \(room)"))
    }
    let details = [name.qualification, duty.speciality, duty.shift, duty.category.rawValue].compactMap(\.self)
    line("DESCRIPTION", Self.escaped(details.joined(separator: "\n")))
    line("CATEGORIES", Self.escaped(duty.category.rawValue))
    line("END", "VEVENT")
  }

  /// Of the duty and not of its row: it stays when the sheet is written anew.
  private mutating func identifier(of stored: StoredDuty) -> String {
    let duty = stored.duty
    let key =
      DutyKey(date: stored.date, duty: duty)?.text
      ?? "\(stored.date.iso8601)|\(duty.category.rawValue)|\(duty.name)|\(duty.timing)"
    let use = uses[key, default: 0]
    uses[key] = use + 1
    return String(FNV1a.wide(Array(key.utf8)), radix: 16) + (use == 0 ? "" : "-\(use)") + "@outgrown"
  }

  /// Source: RFC 5545 §3.3.11.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ";", ",": escaped += "\\\(scalar)"
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
      }
    }
    return escaped
  }

  /// Lines of at most 75 bytes, folded between characters. Source: RFC 5545 §3.1.
  private mutating func line(_ name: String, _ value: String) {
    var used = 0
    for scalar in "\(name):\(value)".unicodeScalars {
      let width = UTF8.width(scalar)
      if used + width > 75 {
        text += "\r\n "
        used = 1
      }
      text.unicodeScalars.append(scalar)
      used += width
    }
    text += "\r\n"
  }
}

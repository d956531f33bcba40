import AppDomain
import HTTPService
import Instants
import Wording

/// The bodies of `/v1`.
enum DutyJSON {
  /// - Parameters:
  ///   - changedAt: of the days, in seconds since 1970.
  ///   - next: behind which the next page begins; nil on the last.
  static func page(_ duties: [PlacedDuty], changedAt: [CalendarDay: Double], next: DutyPlace?) -> [UInt8] {
    var json = JSONWriter(capacity: 256 + duties.count * 420)
    json.object { json in
      json.field("count", duties.count)
      json.key("data")
      json.array { json in
        for duty in duties {
          json.object { json in
            json.field("id", duty.stored.id)
            append(duty.stored.duty, of: duty.stored.date, to: &json)
            json.field("updated_at", InstantText.utc(duty.stored.updatedAt))
          }
        }
      }
      json.key("days")
      json.array { json in
        for day in Set(duties.map(\.stored.date)).sorted() {
          json.object { json in
            json.field("date", day.iso8601)
            json.field("changed_at", changedAt[day].map(InstantText.utc))
          }
        }
      }
      json.field("next_cursor", next?.cursor)
    }
    return json.bytes
  }

  static func changes(_ changes: [DutyChange], hasMore: Bool) -> [UInt8] {
    var json = JSONWriter(capacity: 64 + changes.count * 520)
    json.object { json in
      json.field("count", changes.count)
      json.key("data")
      json.array { json in
        for change in changes {
          json.object { json in
            json.field("id", change.id)
            json.field("kind", change.kind.rawValue)
            json.field("at", InstantText.utc(change.at))
            json.field("duty_id", change.dutyID)
            append(change.duty, of: change.date, to: &json)
            json.key("previous")
            guard let previous = change.previous else { return json.string(nil) }
            json.object { append(previous, of: change.date, to: &$0) }
          }
        }
      }
      json.field("has_more", hasMore)
    }
    return json.bytes
  }

  static func doctors(_ doctors: [Doctor]) -> [UInt8] {
    var json = JSONWriter(capacity: 64 + doctors.count * 200)
    json.object { json in
      json.field("count", doctors.count)
      json.key("data")
      json.array { json in
        for doctor in doctors {
          json.object { json in
            json.field("id", doctor.key.id)
            json.field("name", doctor.name)
            json.field("qualification", doctor.qualification)
            json.key("specialities")
            json.array { for speciality in doctor.specialities { $0.string(speciality) } }
            json.key("categories")
            json.array { for category in doctor.categories { $0.string(category.word) } }
          }
        }
      }
    }
    return json.bytes
  }

  private static func append(_ duty: Duty, of date: CalendarDay, to json: inout JSONWriter) {
    let name = DoctorName(cell: duty.name)
    let timing = DutyTiming.parse(duty.timing)
    json.field("date", date.iso8601)
    json.field("start", timing.map { CampusTime.iso8601(of: date, minute: $0.start) })
    json.field("end", timing.map { CampusTime.iso8601(of: date, minute: $0.endMinute) })
    json.field("timing", duty.timing)
    json.field("doctor", name.name)
    json.field("doctor_id", DoctorKey(cell: duty.name)?.id)
    json.field("qualification", name.qualification)
    json.field("speciality", duty.speciality)
    json.field("category", duty.category.word)
    json.field("shift", duty.shift)
    json.field("room", duty.room)
  }
}

import AppDomain
import HTTPService
import Instants
import Wording

/// The body of `GET /schedules`.
enum ScheduleJSON {
  static func encode(_ duties: [StoredDuty]) -> JSONWriter {
    var json = JSONWriter(capacity: 32 + duties.count * 280)
    json.object { json in
      json.field("count", duties.count)
      json.key("data")
      json.array { json in
        for duty in duties { append(duty, to: &json) }
      }
    }
    return json
  }

  private static func append(_ stored: StoredDuty, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", stored.id)
      json.field("date", stored.sheet)
      json.field("name", stored.duty.name)
      json.field("timing", stored.duty.timing)
      json.field("category", stored.duty.category.rawValue)
      json.field("room", stored.duty.room)
      json.field("created_at", InstantText.utc(stored.createdAt))
      json.field("updated_at", InstantText.utc(stored.updatedAt))
    }
  }
}

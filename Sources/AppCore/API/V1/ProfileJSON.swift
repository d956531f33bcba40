import AppDomain
import Instants
import Wording

/// What subscribers read of themselves.
enum ProfileJSON {
  /// Without addresses: a page that is left open shows none.
  static func profile(_ profile: SubscriberProfile, into json: inout JSONWriter) {
    interest(profile.interest, into: &json)
    json.key("channels")
    json.object { json in
      for address in profile.addresses {
        json.key(dynamic: address.channel.rawValue)
        json.bool(address.state == .active)
      }
    }
    json.field("created_at", InstantText.utc(profile.createdAt))
  }

  /// All that is kept.
  static func export(_ profile: SubscriberProfile, messages: [OutboxEntry]) -> JSONWriter {
    var json = JSONWriter(capacity: 2_048 + messages.count * 200)
    json.object { json in
      self.profile(profile, into: &json)
      json.key("addresses")
      json.array { json in
        for address in profile.addresses {
          json.object { json in
            json.field("channel", address.channel.rawValue)
            json.field("address", address.address)
            json.field("details", address.details)
            json.field("state", address.state.rawValue)
            json.field("created_at", InstantText.utc(address.createdAt))
            json.field("updated_at", InstantText.utc(address.updatedAt))
          }
        }
      }
      json.key("messages")
      json.array { json in for message in messages { entry(message, into: &json) } }
    }
    return json
  }

  private static func interest(_ interest: DutyInterest, into json: inout JSONWriter) {
    json.field("lead_minutes", interest.lead)
    json.key("doctors")
    switch interest.doctors {
    case .all: json.string(nil)
    case .chosen(let keys): json.array { json in for key in keys.sorted() { json.string(key.id) } }
    case .cells(let cells): json.array { json in for cell in cells { json.string(cell) } }
    }
    json.field("category", interest.category?.word)
    json.field("digest", interest.wantsDigest)
  }

  private static func entry(_ message: OutboxEntry, into json: inout JSONWriter) {
    json.object { json in
      json.field("channel", message.channel.rawValue)
      json.field("event", message.event.rawValue)
      json.field("date", message.date.iso8601)
      json.field("state", message.state.rawValue)
      json.field("attempts", message.attempts)
      json.field("updated_at", InstantText.utc(message.updatedAt))
    }
  }
}

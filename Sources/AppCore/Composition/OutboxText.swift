import AppDomain
import Instants
import Terminal
import Wording

/// Messages of the outbox, for people and for programs.
enum OutboxText {
  static func table(_ entries: some Sequence<OutboxEntry>, at now: Double) -> String {
    var table = TextTable([.right, .left, .left, .left, .left, .right, .left])
    table.add("number", "state", "channel", "event", "duty", "tries", "what is known")
    for entry in entries {
      table.add(
        "\(entry.id)", entry.state.rawValue, entry.channel.rawValue, entry.event.rawValue,
        entry.date.iso8601 + (entry.event == .digest ? "" : " \(CampusTime.clock(at: entry.startsAt))"),
        "\(entry.attempts)",
        DisplayText.line(known(entry, at: now), limit: 100))
    }
    return table.lines(indent: 0).joined(separator: "\n")
  }

  private static func known(_ entry: OutboxEntry, at now: Double) -> String {
    let when = entry.dueAt.map { $0 > now ? "in \(DurationText.format(.seconds(($0 - now).rounded())))" : "now" }
    switch entry.state {
    case .pending: return "due \(when ?? "now")" + (entry.reason.map { "; \($0)" } ?? "")
    case .leased: return when == "now" ? "due now; its sender has vanished" : "being sent"
    case .sent, .dead, .withdrawn: return entry.reason ?? ""
    }
  }

  /// Why a message stays what it is.
  static func standing(_ entry: OutboxEntry, at now: Double) -> String {
    let isOver = entry.endsAt <= now
    return switch entry.state {
    case .pending: isOver ? "its duty has ended" : "waits to be sent"
    case .leased: "is being sent"
    case .sent: "was sent"
    case .dead: isOver ? "its duty has ended" : "will not be sent: \(entry.reason ?? "refused")"
    case .withdrawn: "was withdrawn: its duty was moved or cancelled, or is as it was, or the subscriber left"
    }
  }

  static func json(_ entry: OutboxEntry) -> String {
    var writer = JSONWriter(capacity: 512)
    writer.object { json in
      json.field("number", entry.id)
      json.field("state", entry.state.rawValue)
      json.field("channel", entry.channel.rawValue)
      json.field("event", entry.event.rawValue)
      json.field("subscriber", entry.subscriber)
      json.field("date", entry.date.iso8601)
      json.field("starts_at", InstantText.utc(entry.startsAt))
      json.field("ends_at", InstantText.utc(entry.endsAt))
      json.field("tries", entry.attempts)
      json.field("due_at", entry.dueAt.map { InstantText.utc($0) })
      json.field("reason", entry.reason)
      json.field("updated_at", InstantText.utc(entry.updatedAt))
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static func json(changed: [Int64], as what: String, left: [(Int64, String)]) -> String {
    var writer = JSONWriter(capacity: 512)
    writer.object { json in
      json.field("done", what)
      json.key("changed")
      json.array { json in for number in changed { json.number(number) } }
      json.key("left")
      json.array { json in
        for (number, reason) in left {
          json.object { json in
            json.field("number", number)
            json.field("reason", reason)
          }
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// A table that both stores have, for copying and comparing. The first column is its key.
package struct StoreTable: Sendable, Hashable {
  package enum Kind: Sendable { case integer, real, text, date }

  package struct Column: Sendable, Hashable {
    package var name: String
    package var kind: Kind
  }

  package let name: String
  package let columns: [Column]

  package var key: Column { columns[0] }
  package var columnNames: String { columns.map(\.name).joined(separator: ", ") }

  /// In the order in which they are copied.
  package static let all = [
    StoreTable(
      name: "schedules",
      columns: columns(
        ("id", .integer), ("date", .date), ("sheet", .text), ("position", .integer), ("category", .text),
        ("name", .text),
        ("timing", .text), ("room", .text), ("speciality", .text), ("shift", .text), ("created_at", .real),
        ("updated_at", .real))),
    StoreTable(
      name: "schedule_changes",
      columns: columns(
        ("id", .integer), ("kind", .text), ("duty_id", .integer), ("date", .date), ("category", .text), ("name", .text),
        ("timing", .text), ("room", .text), ("speciality", .text), ("shift", .text), ("previous_timing", .text),
        ("previous_room", .text), ("previous_speciality", .text), ("previous_shift", .text), ("changed_at", .real))),
    StoreTable(
      name: "boots",
      columns: columns(
        ("boot_id", .text), ("started_at", .real), ("previous_inbound_at", .real), ("last_inbound_at", .real),
        ("first_at", .real), ("first_client", .text), ("first_path", .text), ("stopped_at", .real))),
    StoreTable(
      name: "devices",
      columns: columns(("device_id", .text), ("created_at", .real), ("updated_at", .real))),
    StoreTable(
      name: "device_doctors",
      columns: columns(("id", .integer), ("device_id", .text), ("doctor_name", .text), ("created_at", .real))),
    StoreTable(
      name: "subscribers",
      columns: columns(
        ("id", .integer), ("created_at", .real), ("secret", .integer), ("claim", .integer), ("is_counted", .integer),
        ("device_id", .text), ("token", .text), ("lead_minutes", .integer), ("category", .text), ("digest", .integer),
        ("chooses_doctors", .integer))),
    StoreTable(
      name: "subscriber_doctors",
      columns: columns(("id", .integer), ("subscriber_id", .integer), ("doctor", .text))),
    StoreTable(
      name: "subscriber_addresses",
      columns: columns(
        ("id", .integer), ("subscriber_id", .integer), ("channel", .text), ("address", .text), ("details", .text),
        ("state", .text), ("created_at", .real), ("updated_at", .real))),
    StoreTable(
      name: "unconfirmed_addresses",
      columns: columns(
        ("id", .integer), ("address", .text), ("subscriber_id", .integer), ("number", .integer),
        ("attempts", .integer), ("asked_at", .real), ("due_at", .real), ("mailed_at", .real), ("expires_at", .real),
        ("confirmed_at", .real), ("wish", .text))),
    StoreTable(
      name: "outbox",
      columns: columns(
        ("id", .integer), ("duty_key", .text), ("event", .text), ("subscriber_id", .integer), ("channel", .text),
        ("date", .date), ("starts_at", .real), ("ends_at", .real), ("state", .text), ("attempts", .integer),
        ("due_at", .real), ("lease_token", .text), ("lease_until", .real), ("reason", .text), ("created_at", .real),
        ("updated_at", .real), ("doctor_day", .text), ("known", .text), ("told", .text), ("tried", .text))),
    StoreTable(name: "notification_cursor", columns: columns(("id", .integer), ("change_id", .integer))),
    StoreTable(
      name: "phone_codes",
      columns: columns(
        ("id", .integer), ("channel", .text), ("phone", .text), ("hash", .text), ("tries", .integer),
        ("asked_at", .real), ("expires_at", .real))),
    StoreTable(
      name: "message_spend",
      columns: columns(
        ("id", .text), ("month", .text), ("channel", .text), ("microdollars", .integer), ("refused_cap", .integer))),
    StoreTable(name: "phone_replies", columns: columns(("id", .text), ("received_at", .real))),
    StoreTable(
      name: "deliveries",
      columns: columns(
        ("id", .integer), ("channel", .text), ("status", .text), ("rank", .integer), ("code", .integer),
        ("updated_at", .real))),
  ]

  private static func columns(_ columns: (String, Kind)...) -> [Column] {
    columns.map { Column(name: $0.0, kind: $0.1) }
  }
}

extension SQLValue {
  /// Reads what `text` gave; nil when it is no value of that kind.
  package init?(_ text: String?, _ kind: StoreTable.Kind) {
    guard let text else {
      self = .null
      return
    }
    switch kind {
    case .text, .date: self = .text(text)
    case .integer:
      guard let number = Int64(text) else { return nil }
      self = .integer(number)
    case .real:
      guard let number = Double(text) else { return nil }
      self = .real(number)
    }
  }
}

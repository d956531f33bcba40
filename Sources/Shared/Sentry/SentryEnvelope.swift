import Instants
import Wording

/// What is posted: an event, and beside it how many others were left out.
/// - Source: develop.sentry.dev, SDK, "Envelopes" and "Client Reports" (2026-11).
enum SentryEnvelope {
  static let contentType = "application/x-sentry-envelope"

  /// - Parameters:
  ///   - event: JSON, with that id.
  ///   - sentAt: seconds since 1970.
  ///   - discarded: by Sentry's reasons; none is no report.
  static func bytes(
    event: [UInt8], id: String, dsn: SentryDSN, sentAt: Double, discarded: [String: Int] = [:]
  ) -> [UInt8] {
    var header = JSONWriter()
    header.object { json in
      json.field("event_id", id)
      json.field("sent_at", InstantText.utc(sentAt))
      json.field("dsn", dsn.full)
    }
    var envelope = header.bytes + [0x0A]
    append("event", event, to: &envelope)
    if !discarded.isEmpty { append("client_report", report(discarded, at: sentAt), to: &envelope) }
    return envelope
  }

  private static func append(_ type: String, _ payload: [UInt8], to envelope: inout [UInt8]) {
    var header = JSONWriter()
    header.object { json in
      json.field("type", type)
      json.field("length", payload.count)
    }
    envelope += header.bytes + [0x0A] + payload + [0x0A]
  }

  private static func report(_ discarded: [String: Int], at time: Double) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("timestamp", InstantText.utc(time))
      json.key("discarded_events")
      json.array { json in
        for (reason, count) in discarded.sorted(by: { $0.key < $1.key }) {
          json.object { json in
            json.field("reason", reason)
            json.field("category", "error")
            json.field("quantity", count)
          }
        }
      }
    }
    return json.bytes
  }
}

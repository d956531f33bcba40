import AppDomain
import HTTPService

/// What the service says of itself to a monitor: `docs/monitor.md`.
package enum HeartbeatBody {
  package enum State: String, Sendable { case starting, running, stopping }

  /// - Parameter now: seconds since 1970.
  package static func encode(
    boot: Boot, sequence: Int, state: State, inbound: InboundLog, now: Double
  ) -> [UInt8] {
    let visits = inbound.visits
    let first = inbound.firstRequest
    var json = JSONWriter(capacity: 512)
    json.object { json in
      json.field("boot_id", boot.id)
      json.field("sequence", sequence)
      json.field("state", state.rawValue)
      json.field("sent_at", Timestamp.iso8601(now))
      json.field("started_at", Timestamp.iso8601(boot.startedAt))
      json.field("ready_at", inbound.readyAt.map(Timestamp.iso8601))
      json.field("last_inbound_at", inbound.lastInboundAt.map(Timestamp.iso8601))
      json.field("last_probe_at", inbound.lastOutsideProbeAt.map(Timestamp.iso8601))
      json.field("inbound_total", inbound.inboundTotal)
      json.field("visits", visits.all)
      json.field("early_visits", visits.early)
      json.key("first_request")
      guard let first else { return json.string(nil) }
      json.object { json in
        json.field("at", Timestamp.iso8601(first.at))
        json.field("path", first.path)
        json.field("client", first.client.rawValue)
      }
    }
    return json.bytes
  }
}

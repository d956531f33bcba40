package import Evidence
import Foundation

/// What a service says of itself, as `docs/monitor.md` describes it. Times are by the service's own clock.
package struct Heartbeat: Sendable, Equatable, Codable {
  package var bootID: String
  /// From 0, one more each time, within a boot.
  package var sequence: Int
  package var state: State
  /// When this was sent; with it the service's clock is translated into the monitor's.
  package var sentAt: UTCInstant?
  package var startedAt: UTCInstant?
  /// When it first could be asked.
  package var readyAt: UTCInstant?
  /// The last request, health checks and probes excluded.
  package var lastInboundAt: UTCInstant?
  /// The last request of a monitor that came in from outside: it too resets the idle clock.
  package var lastProbeAt: UTCInstant?
  /// Requests of this boot, without health checks and probes.
  package var inboundTotal: Int?
  /// Visits of people that began in this boot.
  package var visits: Int?
  /// Those of them that came while the service was starting: held back by the edge, they arrive together.
  package var earlyVisits: Int?
  package var firstRequest: FirstRequest?
  package var memory: Memory?

  package enum State: String, Sendable, Codable, CaseIterable {
    case starting, running, stopping
  }

  /// Who woke it.
  package struct FirstRequest: Sendable, Equatable, Codable {
    package var at: UTCInstant?
    package var path: String
    /// `browser`, `program`, `bot`, `monitor` or `load`.
    package var client: String

    package init(at: UTCInstant?, path: String, client: String) {
      self.at = at
      self.path = path
      self.client = client
    }
  }

  /// What it took of its machine's memory.
  package struct Memory: Sendable, Equatable, Codable {
    /// Resident bytes at most, in this boot.
    package var peak: Int?

    package init(peak: Int?) { self.peak = peak }

    /// What a peak can be, bytes.
    package static let peaks = 1...(1 << 50)
  }

  package init(
    bootID: String, sequence: Int, state: State, sentAt: UTCInstant? = nil, startedAt: UTCInstant? = nil,
    readyAt: UTCInstant? = nil, lastInboundAt: UTCInstant? = nil, lastProbeAt: UTCInstant? = nil,
    inboundTotal: Int? = nil, visits: Int? = nil, earlyVisits: Int? = nil, firstRequest: FirstRequest? = nil,
    memory: Memory? = nil
  ) {
    self.bootID = bootID
    self.sequence = sequence
    self.state = state
    self.sentAt = sentAt
    self.startedAt = startedAt
    self.readyAt = readyAt
    self.lastInboundAt = lastInboundAt
    self.lastProbeAt = lastProbeAt
    self.inboundTotal = inboundTotal
    self.visits = visits
    self.earlyVisits = earlyVisits
    self.firstRequest = firstRequest
    self.memory = memory
  }

  private enum CodingKeys: String, CodingKey {
    case sequence, state, visits, memory
    case bootID = "boot_id"
    case sentAt = "sent_at"
    case startedAt = "started_at"
    case readyAt = "ready_at"
    case lastInboundAt = "last_inbound_at"
    case lastProbeAt = "last_probe_at"
    case inboundTotal = "inbound_total"
    case earlyVisits = "early_visits"
    case firstRequest = "first_request"
  }

  /// As it is sent: JSON, moments and counts that are not known as null.
  package var encoded: [UInt8] {
    func quoted(_ text: String) -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
    func moment(_ instant: UTCInstant?) -> String { instant.map { "\"\($0)\"" } ?? "null" }
    func number(_ value: Int?) -> String { value.map { "\($0)" } ?? "null" }
    let first = firstRequest.map {
      "{\"at\":\(moment($0.at)),\"path\":\(quoted($0.path)),\"client\":\(quoted($0.client))}"
    }
    let fields = [
      ("boot_id", quoted(bootID)), ("sequence", "\(sequence)"), ("state", quoted(state.rawValue)),
      ("sent_at", moment(sentAt)), ("started_at", moment(startedAt)), ("ready_at", moment(readyAt)),
      ("last_inbound_at", moment(lastInboundAt)), ("last_probe_at", moment(lastProbeAt)),
      ("inbound_total", number(inboundTotal)), ("visits", number(visits)), ("early_visits", number(earlyVisits)),
      ("first_request", first ?? "null"), ("memory", memory.map { "{\"peak\":\(number($0.peak))}" } ?? "null"),
    ]
    return Array("{\(fields.map { "\"\($0)\":\($1)" }.joined(separator: ","))}".utf8)
  }

  /// The largest body that is read.
  package static let maximumBytes = 4_096

  package struct Invalid: Error, CustomStringConvertible {
    package var description: String
  }

  /// Reads what a service sent; unknown fields are ignored.
  package static func decode(_ body: [UInt8]) throws(Invalid) -> Heartbeat {
    guard body.count <= maximumBytes else {
      throw Invalid(description: "a heartbeat of \(body.count) bytes: at most \(maximumBytes) are read")
    }
    let heartbeat: Heartbeat
    do {
      heartbeat = try JSONDecoder().decode(Heartbeat.self, from: Data(body))
    } catch let DecodingError.keyNotFound(key, _) {
      throw Invalid(description: "\(key.stringValue) is missing")
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context),
      let DecodingError.valueNotFound(_, context)
    {
      let number = UnreadNumber.path(DecodingError.dataCorrupted(context), in: Data(body)) {
        _ = try JSONDecoder().decode(Heartbeat.self, from: $0)
      }
      if let number { throw Invalid(description: "\(number): a whole number was expected") }
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw Invalid(description: "\(path.isEmpty ? "the body" : path): \(context.debugDescription)")
    } catch {
      throw Invalid(description: "the body is no heartbeat")
    }
    let counts: [(CodingKeys, Int?)] = [
      (.sequence, heartbeat.sequence), (.inboundTotal, heartbeat.inboundTotal), (.visits, heartbeat.visits),
      (.earlyVisits, heartbeat.earlyVisits),
    ]
    for (key, count) in counts {
      guard count.map((0...1_000_000_000_000).contains) ?? true else {
        throw Invalid(description: "\(key.rawValue): a count was expected, at most 1,000,000,000,000")
      }
    }
    guard heartbeat.memory?.peak.map(Memory.peaks.contains) ?? true else {
      throw Invalid(description: "memory.peak: bytes were expected, from 1 to 2^50")
    }
    guard (1...100).contains(heartbeat.bootID.utf8.count) else {
      throw Invalid(description: "boot_id: 1 to 100 bytes were expected")
    }
    return heartbeat
  }
}

/// What a visit is, for everybody who counts visits.
package enum VisitRule {
  /// A request of a client that has been silent for this long begins a visit: below every plan's idle time, above the
  /// pauses within a visit.
  package static let silenceSeconds = 300

  /// A client is an address and a User-Agent.
  package static func client(_ address: LogBytes, agent: LogBytes) -> UInt64 { agent.hash(from: address.hash()) }

  /// Whether a request begins a visit.
  /// - Parameter last: the client's request before, in seconds; nil for none.
  package static func begins(at now: Double, after last: Double?) -> Bool {
    last.map { now - $0 >= Double(silenceSeconds) } ?? true
  }
}

/// Tells visits from further requests as they come, with bounded memory.
package struct VisitCounter: Sendable {
  /// Clients that are remembered at a time.
  private static let limit = 20_000

  private var lastSeen: [UInt64: Double] = [:]

  package init() {}

  /// Whether a visitor's request begins a visit. One that says nothing of its client is a visit by itself.
  package mutating func begins(_ entry: LogEntry, at now: Double) -> Bool {
    guard !entry.client.isEmpty || !entry.agent.isEmpty else { return true }
    return begins(VisitRule.client(entry.client, agent: entry.agent), at: now)
  }

  package mutating func begins(_ client: UInt64, at now: Double) -> Bool {
    let begins = VisitRule.begins(at: now, after: lastSeen[client])
    if lastSeen.count >= Self.limit, lastSeen[client] == nil {
      lastSeen = lastSeen.filter { !VisitRule.begins(at: now, after: $0.value) }
      // Of too many at once those who were silent longest go.
      if lastSeen.count * 2 > Self.limit {
        let middle = lastSeen.values.sorted()[lastSeen.count / 2]
        lastSeen = lastSeen.filter { $0.value >= middle }
      }
    }
    lastSeen[client] = now
    return begins
  }
}

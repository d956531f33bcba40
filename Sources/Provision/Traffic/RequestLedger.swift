import Evidence
import Visits

/// Every request of a log in eight bytes: when and by whom; and what is known of each caller.
struct RequestLedger {
  /// The most requests that are kept: 400 MB.
  static let requestLimit = 50_000_000
  /// Beyond this many callers, further ones share places.
  static let callerLimit = 2_000_000
  /// 2000-01-01, from which seconds are counted here.
  static let epoch: Int64 = 946_684_800

  struct Caller {
    var kind: Visits.Caller
    /// Of the User-Agent; 0 without one.
    var agent: UInt64
    /// As its User-Agent begins.
    var name: String
    var path: UInt64
    var hasOnePath = true
    var isPrivate: Bool
    var address: UInt64
    /// The address, or what stands for it.
    var client: String
    /// At least one answer that a visitor could want.
    var isServed = false
    var requests = 0
  }

  /// Seconds in the upper half, the caller's place in the lower.
  private(set) var requests: [UInt64] = []
  private(set) var callers: [Caller] = []
  private var places: [UInt64: Int32] = [:]
  /// By day, so that days that are left out take theirs along.
  private var sizes: [Int64: Sizes] = [:]
  /// Requests of Outgrown's own load test, which are no production traffic and are not kept.
  private(set) var loadTest = 0
  /// Requests without address and User-Agent: each is a visit by itself.
  static let unknown = UInt32.max

  private var kinds: [UInt64: Visits.Caller] = [:]
  private static let kindLimit = 50_000

  private struct Sizes {
    var bytes = 0
    var requests = 0
  }

  var bytes: Int { sizes.values.reduce(0) { $0 + $1.bytes } }
  var requestsWithBytes: Int { sizes.values.reduce(0) { $0 + $1.requests } }

  mutating func add(_ entry: LogEntry, seconds: Int64) throws(TrafficError) {
    if kind(of: entry.agent) == .loadTest {
      loadTest += 1
      return
    }
    guard requests.count < Self.requestLimit else {
      throw TrafficError(
        .tooLarge, "more than \(Self.requestLimit / 1_000_000) million requests: give fewer days of the log")
    }
    let offset = UInt64(max(0, min(seconds - Self.epoch, Int64(UInt32.max))))
    let place = caller(of: entry)
    requests.append(offset << 32 | UInt64(place))
    if let size = entry.bytes, size < 1 << 40 {
      let day = (Int64(offset) + Self.epoch) / 86_400
      sizes[day, default: Sizes()].bytes += size
      sizes[day, default: Sizes()].requests += 1
    }
    guard place != Self.unknown else { return }
    let index = Int(place)
    callers[index].requests += 1
    if callers[index].hasOnePath, entry.path.hash() != callers[index].path { callers[index].hasOnePath = false }
    if !callers[index].isServed { callers[index].isServed = Self.isServed(entry.status) }
  }

  mutating func sort() { requests.sort() }

  /// Of sorted requests those in `range`, with their bytes and callers: what goes has to be days away from what stays.
  mutating func keep(_ range: Range<Int>) {
    requests = Array(requests[range])
    for index in callers.indices { callers[index].requests = 0 }
    for request in requests where Self.place(request) != Self.unknown {
      callers[Int(Self.place(request))].requests += 1
    }
    guard let first = requests.first, let last = requests.last else { return sizes = [:] }
    let days = (Self.seconds(first) / 86_400)...(Self.seconds(last) / 86_400)
    sizes = sizes.filter { days.contains($0.key) }
  }

  static func seconds(_ request: UInt64) -> Int64 { Int64(request >> 32) + epoch }
  static func place(_ request: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: request) }

  /// Few User-Agents make many requests.
  private mutating func kind(of agent: LogBytes) -> Visits.Caller {
    let hash = agent.hash()
    if let known = kinds[hash] { return known }
    let kind = Visits.Caller(agent: agent)
    if kinds.count < Self.kindLimit { kinds[hash] = kind }
    return kind
  }

  private mutating func caller(of entry: LogEntry) -> UInt32 {
    guard !entry.client.isEmpty || !entry.agent.isEmpty else { return Self.unknown }
    var key = VisitRule.client(entry.client, agent: entry.agent)
    if places.count >= Self.callerLimit, places[key] == nil { key %= 65_536 }
    if let place = places[key] { return UInt32(place) }
    let place = Int32(callers.count)
    places[key] = place
    callers.append(
      Caller(
        kind: kind(of: entry.agent), agent: entry.agent.isEmpty ? 0 : entry.agent.hash(),
        name: entry.agent.isEmpty ? entry.client.text(limit: 45) : entry.agent.text(limit: 40),
        path: entry.path.hash(), isPrivate: ClientAddress.isPrivate(entry.client), address: entry.client.hash(),
        client: entry.client.text(limit: 45)))
    return UInt32(place)
  }

  /// What scanners get is nothing that a visitor waits for.
  private static func isServed(_ status: Int?) -> Bool {
    guard let status else { return true }
    return ![400, 403, 404, 405, 406, 410, 414, 501].contains(status)
  }
}

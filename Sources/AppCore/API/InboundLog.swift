package import AppDomain
import Synchronization
import Visits

/// Who asked the service and when, in numbers that cost a request next to nothing: one short lock.
///
/// Requests of people, bots and outside monitors are told apart from the platform's health checks, which reset no idle
/// clock and count nowhere.
package final class InboundLog: Sendable {
  /// Requests that the edge held back while the service started arrive within this of each other, in seconds.
  private static let heldWindow = 0.25
  private static let visitorSlots = 4_096
  private static let agentSlots = 256
  static let probePaths: Set<String> = ["/health", "/health/full", "/metrics", "/robots.txt"]

  private let now: @Sendable () -> Double
  /// Bit patterns of seconds since 1970; 0: never.
  private let lastInbound = Atomic<UInt64>(0)
  private let lastProbe = Atomic<UInt64>(0)
  private let lastOutsideProbe = Atomic<UInt64>(0)
  private let total = Atomic<Int>(0)
  private let readyAtBits = Atomic<UInt64>(0)
  private let state = Mutex(State())
  private let firstSignal: AsyncStream<Void>.Continuation
  /// Yields once, when the first request that is no probe has come.
  package let firstRequests: AsyncStream<Void>

  private struct State {
    var first: ServiceBoot.FirstRequest?
    var visits = 0
    var earlyVisits = 0
    var visitors = [(hash: UInt64, seen: Double)](repeating: (0, 0), count: InboundLog.visitorSlots)
    var agents = [(hash: UInt64, client: RequestClient)](repeating: (0, .program), count: InboundLog.agentSlots)
  }

  /// - Parameter now: seconds since 1970.
  package init(now: @escaping @Sendable () -> Double) {
    self.now = now
    (firstRequests, firstSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// The service can be asked from now on.
  package func isReady() { readyAtBits.store(now().bitPattern, ordering: .relaxed) }

  /// Seconds since 1970; nil before.
  package var readyAt: Double? { Self.moment(readyAtBits) }
  /// The last request so far, health checks and probes excluded.
  package var lastInboundAt: Double? { Self.moment(lastInbound) }
  /// The last health check or probe so far.
  package var lastProbeAt: Double? { Self.moment(lastProbe) }
  /// The last probe that came in from outside: it too resets a platform's idle clock.
  package var lastOutsideProbeAt: Double? { Self.moment(lastOutsideProbe) }
  package var inboundTotal: Int { total.load(ordering: .relaxed) }
  package var firstRequest: ServiceBoot.FirstRequest? { state.withLock { $0.first } }
  /// Visits that began, and those of them that came while the service started.
  package var visits: (all: Int, early: Int) { state.withLock { ($0.visits, $0.earlyVisits) } }

  /// Takes a request.
  /// - Parameters:
  ///   - shown: the path as others may have it, asked for once.
  ///   - forwardedFor: the client's address where a proxy in front says it; nil for a request from inside the platform.
  func record(
    path: String, as shown: @autoclosure () -> String? = nil, agent: String?, forwardedFor: String?
  ) {
    let at = now()
    let isProbePath = Self.probePaths.contains(path)
    let hash = Array((agent ?? "").utf8)[...].hash()
    let client = client(hash, agent)
    guard client != .platform else { return }
    if isProbePath || client == .monitor {
      lastProbe.store(at.bitPattern, ordering: .relaxed)
      if forwardedFor != nil || client == .monitor { lastOutsideProbe.store(at.bitPattern, ordering: .relaxed) }
      return
    }
    lastInbound.store(at.bitPattern, ordering: .relaxed)
    total.wrappingAdd(1, ordering: .relaxed)
    let visitor = Self.visitor(forwardedFor, agent: agent)
    let isFirst = state.withLock { state in
      let isFirst = state.first == nil
      if isFirst { state.first = ServiceBoot.FirstRequest(at: at, client: client, path: shown() ?? path) }
      guard client.isVisitor else { return isFirst }
      let slot = Int(truncatingIfNeeded: visitor % UInt64(Self.visitorSlots))
      let known = state.visitors[slot]
      if VisitRule.begins(at: at, after: known.hash == visitor ? known.seen : nil) {
        state.visits += 1
        if let first = state.first, at - first.at <= Self.heldWindow { state.earlyVisits += 1 }
      }
      state.visitors[slot] = (visitor, at)
      return isFirst
    }
    if isFirst {
      firstSignal.yield()
      firstSignal.finish()
    }
  }

  private func client(_ hash: UInt64, _ agent: String?) -> RequestClient {
    guard let agent else { return .program }
    let slot = Int(truncatingIfNeeded: hash % UInt64(Self.agentSlots))
    let known = state.withLock { $0.agents[slot] }
    if known.hash == hash { return known.client }
    let client = RequestClient(Caller(agent: agent))
    state.withLock { $0.agents[slot] = (hash, client) }
    return client
  }

  /// The address that a proxy in front names, whatever proxies follow it in the list, and the User-Agent.
  private static func visitor(_ forwardedFor: String?, agent: String?) -> UInt64 {
    let list = Array((forwardedFor ?? "").utf8)[...]
    return VisitRule.client(ClientAddress.visitor(of: list) ?? list, agent: Array((agent ?? "").utf8)[...])
  }

  private static func moment(_ bits: borrowing Atomic<UInt64>) -> Double? {
    let value = bits.load(ordering: .relaxed)
    return value == 0 ? nil : Double(bitPattern: value)
  }
}

extension RequestClient {
  init(_ caller: Caller) {
    switch caller {
    case .browser: self = .browser
    case .program: self = .program
    case .monitor, .ownMonitor: self = .monitor
    case .bot: self = .bot
    case .platform: self = .platform
    case .loadTest: self = .load
    }
  }
}

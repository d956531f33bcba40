package import Addresses
package import BenchEngine
import Wording

/// The safety rule: more than 50 requests a second go to loopback, private addresses, allowed hosts, or hosts whose
/// owner has said so.
package struct TargetPolicy: Sendable {
  /// Requests a second, or users, that any host may get.
  package static let freeRate = 50.0

  /// Lines of an allow file: a host name, `*.example.org`, or an address; `#` begins a comment.
  package var allowed: [String]
  /// From `--i-own-this-target`.
  package var owned: [String]

  package init(allowLines: [String] = [], owned: [String] = []) {
    allowed = allowLines.map { line in
      String(line.prefix { $0 != "#" }.filter { !$0.isWhitespace }).lowercased()
    }
    .filter { !$0.isEmpty }
    self.owned = owned.map { Self.normalized($0) }
  }

  package enum Decision: Sendable, Equatable {
    /// Why it is.
    case allowed(String)
    /// What to do.
    case refused(String)
  }

  /// - Parameters:
  ///   - endpoint: where connections go, which may be elsewhere than to the target.
  ///   - address: the one that was reached.
  package func judge(target: TargetURL, endpoint: Endpoint, address: String, peak: Double?) -> Decision {
    judge(target: Self.place(of: target, endpoint), resolved: IPAddress(host: address).map { [$0] } ?? [], peak: peak)
  }

  /// Neither this machine nor on a private network.
  /// - Parameters: as for `judge`.
  package static func isHosted(target: TargetURL, endpoint: Endpoint, address: String) -> Bool {
    isHosted(target: place(of: target, endpoint), resolved: IPAddress(host: address).map { [$0] } ?? [])
  }

  private static func place(of target: TargetURL, _ endpoint: Endpoint) -> TargetURL {
    var place = target
    if let other = endpoint.connectTo {
      place.host = other.host
      place.port = other.port
    }
    return place
  }

  /// - Parameters:
  ///   - resolved: what the host's name stands for now; a literal address needs none.
  ///   - peak: the highest rate that the load can reach; nil when that can't be said.
  package func judge(target: TargetURL, resolved: [IPAddress], peak: Double?) -> Decision {
    if let peak, peak <= Self.freeRate { return .allowed("at most \(Int(Self.freeRate)) requests a second") }
    if !Self.isHosted(target: target, resolved: resolved) { return .allowed("a loopback or private address") }
    if owned.contains(target.host) { return .allowed("owned, by --i-own-this-target") }
    if allowed.contains(where: { Self.matches(target.host, $0) }) { return .allowed("in the allow file") }

    let load =
      peak.map { "up to \(CountText.plural(Int($0.rounded(.up)), "request")) a second" } ?? "an unbounded request rate"
    let other = owned.first.map { " (it was given for '\($0)')" } ?? ""
    return .refused(
      "\(target.host) is neither this machine nor on a private network, and this is \(load), over "
        + "\(Int(Self.freeRate)): if the service is yours, add --i-own-this-target \(target.host)\(other) or a line "
        + "with its name to the allow file; otherwise lower the load")
  }

  /// Neither this machine nor on a private network.
  package static func isHosted(target: TargetURL, resolved: [IPAddress]) -> Bool {
    let addresses = IPAddress(host: target.host).map { [$0] } ?? resolved
    return !(addresses.isEmpty ? target.isLoopbackOrPrivate : addresses.allSatisfy(\.isLoopbackOrPrivate))
  }

  /// An upper bound on requests a second, of all phases together: nil when users think too little for one, or when there are more than 50.
  package static func peakRate(of plan: LoadPlan) -> Double? {
    if !plan.phases.isEmpty {
      return plan.loads.reduce(0 as Double?) { sum, load in
        sum.flatMap { sum in peakRate(of: load).map { sum + $0 } }
      }
    }
    let peak = plan.workload.peak
    switch plan.workload {
    case .rate:
      return peak * Double(plan.journeys.map { requests(of: $0, in: plan) }.max() ?? 1)
    case .users:
      guard peak <= freeRate else { return nil }
      var perUser = 0.0
      for journey in plan.journeys {
        let thinking = journey.steps.reduce(0.0) { sum, index in
          guard plan.steps.indices.contains(index) else { return sum }
          return sum + plan.steps[index].thinkTime.shortest.seconds
        }
        let pause = max(thinking, plan.pacing.shortest.seconds)
        guard pause > 0 else { return nil }
        perUser = max(perUser, Double(requests(of: journey, in: plan)) / pause)
      }
      return peak * perUser
    }
  }

  /// The most requests that one iteration can make.
  package static func requests(of journey: JourneyPlan, in plan: LoadPlan) -> Int {
    journey.steps.reduce(0) { sum, index in
      guard plan.steps.indices.contains(index) else { return sum + 1 }
      return sum + (1 + plan.steps[index].redirectLimit) * (plan.steps[index].loop?.atMost ?? 1)
    }
  }

  private static func matches(_ host: String, _ line: String) -> Bool {
    guard line.hasPrefix("*.") else { return host == normalized(line) }
    return host.hasSuffix(line.dropFirst()) && host.count > line.count - 1
  }

  /// Lower case, without brackets, and without the scheme or port that people paste along.
  private static func normalized(_ host: String) -> String {
    if let target = try? TargetURL.parse(host) { return target.host }
    if let target = try? TargetURL.parse("http://\(host)") { return target.host }
    return host.lowercased()
  }
}

import Evidence
import Foundation
import Wording

/// What the reader should know of a log's figures.
enum TrafficWarnings {
  static func all(_ traffic: Traffic, ledger: RequestLedger, kinds: [Traffic.SetApart.Kind?]) -> [String] {
    [
      length(traffic), keptAwake(traffic), pingedForAPart(traffic), agents(ledger), addresses(ledger, kinds),
      sizes(ledger), silence(traffic),
      nobody(traffic),
    ].compactMap(\.self)
  }

  /// Every visitor by the same name: rather a server's, a proxy's or a socket's than anybody's.
  static func sameClient(_ ledger: RequestLedger, _ kinds: [Traffic.SetApart.Kind?]) -> String? {
    let people = ledger.callers.indices.filter { kinds[$0] == nil }
    let requests = people.reduce(0) { $0 + ledger.callers[$1].requests }
    guard requests >= 20, let first = people.first.map({ ledger.callers[$0] }), !first.isPrivate,
      people.allSatisfy({ ledger.callers[$0].address == first.address })
    else { return nil }
    guard !first.client.isEmpty else {
      return "no line names a client: people with the same User-Agent count as one, and visits run together"
    }
    return "all \(requests) requests of people come from one client, “\(first.client)”: is that a visitor? If it is a "
      + "proxy or a server, name the visitor's field with --log-format"
  }

  private static func length(_ traffic: Traffic) -> String? {
    let days = traffic.spanSeconds / 86_400
    guard days < 7 else { return nil }
    let shown = days < 1 ? CountText.plural(Int((days * 24).rounded()), "hour") : Self.days((days * 10).rounded() / 10)
    return "the log covers \(shown): a week shows working days and weekends, two make the intervals narrow"
  }

  private static func days(_ days: Double) -> String { days == 1 ? "1 day" : "\(days) days" }

  private static func keptAwake(_ traffic: Traffic) -> String? {
    guard let pinger = traffic.pinger(idleSeconds: 900) else { return nil }
    let minutes = Int(((pinger.medianIntervalSeconds ?? 0) / 60).rounded())
    return
      "already kept awake by \(pinger.name), every \(minutes <= 1 ? "minute" : CountText.plural(minutes, "minute"))"
  }

  private static func pingedForAPart(_ traffic: Traffic) -> String? {
    let pingers = traffic.partTimePingers(idleSeconds: 900).compactMap { caller -> String? in
      guard let first = caller.first, let last = caller.last else { return nil }
      return "\(caller.name) pinged only from \(first.description.prefix(10)) to \(last.description.prefix(10))"
    }
    guard !pingers.isEmpty else { return nil }
    return pingers.joined(separator: "; ") + ": the service isn't taken to be kept awake"
  }

  private static func agents(_ ledger: RequestLedger) -> String? {
    let without = ledger.callers.reduce(0) { $0 + ($1.agent == 0 ? $1.requests : 0) }
    guard without * 2 > ledger.requests.count else { return nil }
    return "most requests have no User-Agent: monitors and bots are told by their rhythm only"
  }

  private static func addresses(_ ledger: RequestLedger, _ kinds: [Traffic.SetApart.Kind?]) -> String? {
    let people = ledger.callers.indices.filter { kinds[$0] == nil }
    let requests = people.reduce(0) { $0 + ledger.callers[$1].requests }
    guard requests > 0 else { return nil }
    func through(_ callers: [Int]) -> Bool {
      callers.reduce(0) { $0 + ledger.callers[$1].requests } * 10 > requests * 9
    }
    let proxied = people.filter { ledger.callers[$0].isPrivate && ledger.callers[$0].requests > 0 }
    if through(proxied.filter { ledger.callers[$0].agent == 0 }) {
      return """
        nearly all requests come from a proxy's own addresses: visits of several people at once count as one \
        (uvicorn --proxy-headers logs the visitors' addresses)
        """
    }
    guard through(proxied), Set(proxied.map { ledger.callers[$0].address }).count <= Self.fewProxies else { return nil }
    return """
      the log shows a proxy's address, not visitors': visits run together; log X-Forwarded-For, in nginx with \
      "$http_x_forwarded_for" at the line's end
      """
  }

  /// More private addresses than this are an office's people rather than proxies.
  private static let fewProxies = 8

  private static func sizes(_ ledger: RequestLedger) -> String? {
    let sized = ledger.requestsWithBytes
    guard sized > 0 else { return "the log has no sizes: egress is not known" }
    guard sized * 10 < ledger.requests.count * 9 else { return nil }
    return
      "\(sized) of \(CountText.plural(ledger.requests.count, "request")) \(sized == 1 ? "has" : "have") a size: egress takes the others to be like them"
  }

  private static func silence(_ traffic: Traffic) -> String? {
    guard let counted = traffic.counted else { return nil }
    var longest = 0
    for (earlier, later) in zip(counted.activity, counted.activity.dropFirst()) {
      longest = max(longest, later[0] - earlier[1])
    }
    guard longest > 3 * 86_400 else { return nil }
    return "nobody came for \(CountText.plural(longest / 86_400, "day")) in a row: is a part of the log missing?"
  }

  private static func nobody(_ traffic: Traffic) -> String? {
    guard traffic.counted?.visits.isEmpty == true else { return nil }
    return "not one request of a person: only monitors, bots and checks"
  }
}

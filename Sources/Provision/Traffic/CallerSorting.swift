import Evidence
import Foundation
import Statistics
import Visits

/// Tells people from monitors, bots and the platform's own checks: by User-Agent, by rhythm, by what they were answered.
struct CallerSorting {
  /// For each place of the ledger; nil for a person.
  private(set) var kinds: [Traffic.SetApart.Kind?]
  private(set) var setApart: [Traffic.SetApart] = []

  init(_ ledger: RequestLedger) {
    kinds = Array(repeating: nil, count: ledger.callers.count)
    var names: [Int: String] = [:]
    for (place, caller) in ledger.callers.enumerated() {
      if let apart = caller.kind.setApart {
        kinds[place] = apart.kind
        names[place] = apart.name
      } else if !caller.isServed {
        kinds[place] = .bot
        names[place] = "callers that asked only for what isn't there"
      }
    }
    let groups = Self.groups(ledger, among: kinds)
    for (places, rhythm) in Self.regular(groups, ledger) {
      let caller = ledger.callers[places[0]]
      let isPlatform = rhythm.median <= 10 && caller.isPrivate && caller.agent == 0
      for place in places {
        kinds[place] = isPlatform ? .platform : .monitor
        names[place] = isPlatform ? "platform health check" : "\(caller.name), at regular intervals"
      }
    }
    setApart = Self.summary(ledger, kinds, names)
    if ledger.loadTest > 0 {
      setApart.append(
        .init(name: "Outgrown's load test", kind: .bot, requests: ledger.loadTest, medianIntervalSeconds: nil))
    }
  }

  /// Callers that may turn out regular, by what makes them one: tools without a browser's name by their User-Agent and
  /// path over all addresses (a scheduled job comes from many), others each by itself.
  private static func groups(_ ledger: RequestLedger, among kinds: [Traffic.SetApart.Kind?]) -> [Int: Int] {
    var groupOfPlace: [Int: Int] = [:]
    var groupOfKey: [UInt64: Int] = [:]
    for (place, caller) in ledger.callers.enumerated() where kinds[place] == nil {
      if caller.kind == .program, caller.agent != 0, caller.hasOnePath {
        let key = caller.agent ^ (caller.path &* 0x9E37_79B9_7F4A_7C15)
        groupOfPlace[place] = groupOfKey[key] ?? place
        if groupOfKey[key] == nil { groupOfKey[key] = place }
      } else if caller.requests >= Rhythm.fewest, caller.hasOnePath {
        groupOfPlace[place] = place
      }
    }
    return groupOfPlace
  }

  private static func regular(_ groups: [Int: Int], _ ledger: RequestLedger) -> [([Int], Rhythm)] {
    var counts: [Int: Int] = [:]
    for (place, group) in groups { counts[group, default: 0] += ledger.callers[place].requests }
    var times: [Int: [Int64]] = [:]
    for request in ledger.requests {
      guard let group = groups[Int(RequestLedger.place(request))], counts[group, default: 0] >= Rhythm.fewest else {
        continue
      }
      times[group, default: []].append(RequestLedger.seconds(request))
    }
    var placesOfGroup: [Int: [Int]] = [:]
    for (place, group) in groups { placesOfGroup[group, default: []].append(place) }
    return times.keys.sorted().compactMap { group in
      guard let rhythm = Rhythm(times[group] ?? []) else { return nil }
      let isBrowser = ledger.callers[group].kind == .browser
      guard rhythm.isRegular, rhythm.hoursOfDay >= (isBrowser ? 20 : 8) else { return nil }
      return ((placesOfGroup[group] ?? []).sorted(), rhythm)
    }
  }

  private static func instant(_ seconds: Int64) -> UTCInstant {
    UTCInstant(Date(timeIntervalSince1970: Double(seconds)))
  }

  private static func summary(
    _ ledger: RequestLedger, _ kinds: [Traffic.SetApart.Kind?], _ names: [Int: String]
  ) -> [Traffic.SetApart] {
    var requests: [String: (kind: Traffic.SetApart.Kind, times: [Int64], count: Int, last: Int64)] = [:]
    for request in ledger.requests {
      let place = Int(RequestLedger.place(request))
      guard place < kinds.count, let kind = kinds[place], let name = names[place] else { continue }
      let key = "\(kind.rawValue) \(name)"
      var known = requests[key] ?? (kind, [], 0, 0)
      known.count += 1
      known.last = RequestLedger.seconds(request)
      if known.times.count < 200_000 { known.times.append(RequestLedger.seconds(request)) }
      requests[key] = known
    }
    return requests.map { key, known in
      Traffic.SetApart(
        name: String(key.dropFirst(known.kind.rawValue.count + 1)), kind: known.kind, requests: known.count,
        medianIntervalSeconds: known.times.count >= 3 ? Rhythm.median(of: known.times) : nil,
        first: known.times.first.map(instant), last: instant(known.last))
    }.sorted { ($1.requests, $0.name) < ($0.requests, $1.name) }.prefix(50).map(\.self)
  }
}

/// How regularly a caller calls.
struct Rhythm {
  static let fewest = 12

  var median: Double
  /// The share of intervals that are the median, or two to four times it for calls that were missed, within a quarter
  /// of it.
  var regularShare: Double
  /// How many of the 24 hours (UTC) it was seen in.
  var hoursOfDay: Int
  var span: Int64

  /// Nil for fewer than `fewest` calls.
  /// - Parameter times: ascending.
  init?(_ times: [Int64]) {
    guard times.count >= Self.fewest, let first = times.first, let last = times.last else { return nil }
    median = Self.median(of: times)
    span = last - first
    hoursOfDay = Set(times.map { $0 % 86_400 / 3_600 }).count
    let tolerance = max(2, median / 4)
    var hits = 0
    for (earlier, later) in zip(times, times.dropFirst()) {
      let interval = Double(later - earlier)
      let multiple = median > 0 ? (interval / median).rounded() : 0
      if (1...4).contains(multiple), abs(interval - multiple * median) <= tolerance { hits += 1 }
    }
    regularShare = Double(hits) / Double(times.count - 1)
  }

  /// From every few seconds to three in two hours, at least half a day long.
  var isRegular: Bool { (3...2_400).contains(median) && regularShare >= 0.7 && span >= 6 * 3_600 }

  static func median(of times: [Int64]) -> Double {
    SortedSample(zip(times, times.dropFirst()).map { Double($1 - $0) }).median ?? 0
  }
}

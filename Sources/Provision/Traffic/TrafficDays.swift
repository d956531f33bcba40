import Evidence
import Foundation

/// One pass over the sorted requests: visits, activity and the peak.
struct TrafficDays {
  private(set) var visits: [Int] = []
  private(set) var people: Spans
  private(set) var others: Spans
  private(set) var peopleRequests = 0
  private(set) var peak: Traffic.Peak?

  /// Spans of requests no more than a gap apart, in seconds from the start.
  struct Spans {
    let gap: Int
    private(set) var spans: [[Int]] = []

    mutating func add(_ second: Int) {
      if let last = spans.indices.last, second - spans[last][1] <= gap {
        spans[last][1] = second
      } else {
        spans.append([second, second])
      }
    }
  }

  init(ledger: RequestLedger, kinds: [Traffic.SetApart.Kind?], from: Int64, visitGap: Int, spanGap: Int) {
    people = Spans(gap: spanGap)
    others = Spans(gap: spanGap)
    var lastSeen = [Int32](repeating: .min, count: kinds.count)
    var window = PeakWindow()
    for request in ledger.requests {
      let second = Int(RequestLedger.seconds(request) - from)
      let place = RequestLedger.place(request)
      let kind = place == RequestLedger.unknown ? nil : kinds[Int(place)]
      if kind != .platform { window.add(second) }
      switch kind {
      case .platform: continue
      case .monitor, .bot: others.add(second)
      case nil:
        peopleRequests += 1
        people.add(second)
        guard place != RequestLedger.unknown else {
          visits.append(second)
          continue
        }
        let last = lastSeen[Int(place)]
        if last == .min || second - Int(last) >= visitGap { visits.append(second) }
        lastSeen[Int(place)] = Int32(truncatingIfNeeded: second)
      }
    }
    peak = window.peak(from: from)
  }

  /// The busiest second and the busiest sixty seconds in a row.
  private struct PeakWindow {
    private var recent: [(second: Int, count: Int)] = []
    private var head = 0
    private var inMinute = 0
    private var busiestMinute = 0
    private var busiestSecond = 0
    private var at = 0

    mutating func add(_ second: Int) {
      if let last = recent.indices.last, recent[last].second == second {
        recent[last].count += 1
      } else {
        recent.append((second, 1))
      }
      inMinute += 1
      while recent[head].second <= second - 60 {
        inMinute -= recent[head].count
        head += 1
      }
      if head > 4_096 {
        recent.removeSubrange(..<head)
        head = 0
      }
      busiestSecond = max(busiestSecond, recent.last?.count ?? 0)
      if inMinute > busiestMinute {
        busiestMinute = inMinute
        at = recent[head].second
      }
    }

    func peak(from: Int64) -> Traffic.Peak? {
      guard busiestMinute > 0 else { return nil }
      return Traffic.Peak(
        requestsPerSecondInBusiestMinute: Double(busiestMinute) / 60, requestsInBusiestSecond: Double(busiestSecond),
        at: UTCInstant(Date(timeIntervalSince1970: Double(from + Int64(at)))))
    }
  }
}

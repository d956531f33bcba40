import Evidence
import Statistics
import Synchronization

/// Histories of fewer visitors, reckoned once for each size.
///
/// Fewer visitors leave longer silences, of which the log itself shows nothing: so visits are left out by chance, each
/// with what it asked, and sleep is counted anew.
final class Thinnings: Sendable {
  private let known = Mutex<[Double: [VisitHistory]]>([:])

  /// - Parameter scale: above 0, below 1.
  func histories(of history: VisitHistory, scale: Double) -> [VisitHistory] {
    if let histories = known.withLock({ $0[scale] }) { return histories }
    let count = min(4, max(2, 4_000 / max(1, history.visitCount)))
    let histories = (1...count).compactMap { seed in
      VisitHistory(
        Self.thin(history.traffic, scale: scale, seed: UInt64(seed)), idleSeconds: history.idleSeconds,
        withoutOthers: history.leavesOutOthers, longestWake: history.longestWake, mayGrow: false)
    }
    known.withLock { $0[scale] = histories }
    return histories
  }

  /// Traffic of which each visit is left with the probability `scale`. For one seed, whoever is left at a smaller
  /// scale is left at a larger one, so that forecasts change smoothly.
  ///
  /// A span of activity is shared out among its visits: each has what follows it up to the next one, and no less than a
  /// visit that is alone in its span takes. What precedes a span's first visit is of the visit before.
  static func thin(_ traffic: Traffic, scale: Double, seed: UInt64) -> Traffic {
    guard var counted = traffic.counted else { return traffic }
    var generator = SeededGenerator(seed: seed)
    let typical = typicalSeconds(counted)
    var isLeft = generator.unit() < scale
    var visits: [Int] = []
    var activity: [[Int]] = []
    func add(_ from: Int, _ to: Int) {
      if let last = activity.last?[1], from <= last {
        activity[activity.count - 1][1] = max(last, to)
      } else {
        activity.append([from, to])
      }
    }
    var next = counted.visits.startIndex
    for span in counted.activity {
      var from = span[0]
      while next < counted.visits.endIndex, counted.visits[next] <= span[1] {
        let visit = counted.visits[next]
        if isLeft, visit > from { add(from, min(span[1], max(visit, from + typical))) }
        isLeft = generator.unit() < scale
        if isLeft { visits.append(visit) }
        from = max(from, visit)
        next += 1
      }
      if isLeft { add(from, span[1]) }
    }
    counted.visits = visits
    counted.activity = activity
    var thinned = traffic
    thinned.counted = counted
    thinned.visitsByHourOfWeek = traffic.visitsByHourOfWeek.map { $0 * scale }
    return thinned
  }

  /// The mean length of a span that is one visit's alone.
  private static func typicalSeconds(_ counted: Traffic.Counted) -> Int {
    var total = 0
    var count = 0
    var next = counted.visits.startIndex
    for span in counted.activity {
      var inside = 0
      while next < counted.visits.endIndex, counted.visits[next] <= span[1] {
        inside += 1
        next += 1
      }
      if inside == 1 {
        total += span[1] - span[0]
        count += 1
      }
    }
    return count > 0 ? total / count : 0
  }
}

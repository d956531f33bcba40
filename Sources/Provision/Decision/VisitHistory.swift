package import Evidence
import Foundation
import Statistics

/// What a log tells of sleep: every start from silence with the visits that met it, and every stretch asleep.
///
/// It is the plain count of what an idle clock of `idleSeconds` would have done to this very traffic; candidates thin
/// it by the probability that something else (a ping, more visitors) had come in the silence before.
package struct VisitHistory: Sendable {
  package let idleSeconds: Double
  /// Whole days from the log's first second, at least one (which may be shorter).
  package let days: [Day]
  /// Starts from a silence longer than the idle time, in order.
  private(set) var starts: [Start] = []
  /// Stretches asleep, cut at hours, in order.
  private(set) var sleeps: [Sleep] = []
  /// Arrivals an hour by local hour of the week, smoothed over the days of a kind.
  let rates: WeeklyPoisson
  let visitCount: Int
  let spanSeconds: Double
  /// The longest stretch asleep, seconds.
  private(set) var longestSleep = 0.0
  /// The wake beyond which visits to a waking service are not looked for, seconds.
  let longestWake: Double
  let traffic: Traffic
  let leavesOutOthers: Bool
  private let mayGrow: Bool
  let thinnings = Thinnings()

  package struct Day: Sendable {
    var visits: Int
    var isWeekend: Bool
    /// 1 for a whole day.
    var length: Double
  }

  struct Start {
    var day: Int
    var second: Double
    var secondOfDay: Double
    /// Seconds after the start at which visits came, up to the longest wake that is considered.
    var visitDelays: [Double]
    var silence: Double
    /// Arrivals expected in the idle time before, by the rates of those hours.
    var expected: Double
  }

  struct Sleep {
    var day: Int
    var seconds: Double
    var secondOfDay: Double
    /// As of a start.
    var expected: Double
  }

  /// Nil where the traffic was stated, not counted.
  /// - Parameters:
  ///   - withoutOthers: leave out what monitors and bots did, as if there were none.
  ///   - longestWake: seconds; forecasts are of no longer a wake.
  ///   - mayGrow: whether forecasts of more visitors will be made; else what they need is left out.
  package init?(
    _ traffic: Traffic, idleSeconds: Double, withoutOthers: Bool = false, longestWake: Double = 120,
    mayGrow: Bool = true
  ) {
    self.longestWake = longestWake
    self.mayGrow = mayGrow
    self.traffic = traffic
    leavesOutOthers = withoutOthers
    guard let counted = traffic.counted, let zone = TimeZone(identifier: traffic.timeZone) else { return nil }
    self.idleSeconds = idleSeconds
    spanSeconds = traffic.spanSeconds
    visitCount = counted.visits.count
    var clock = WeekClock(zone)
    let from = traffic.from.millisecondsSince1970 / 1_000
    // A day but an hour is a day: the first and the last request are seldom at midnight.
    let whole = Int(spanSeconds / 86_400 + 0.05)
    let dayCount = max(1, whole)
    let length = whole > 0 ? 1 : max(1.0 / 24, traffic.spanSeconds / 86_400)
    var days: [Day] = []
    for index in 0..<dayCount {
      let noon = from + Int64(index) * 86_400 + 43_200
      days.append(Day(visits: 0, isWeekend: clock.hourOfWeek(noon) >= 120, length: length))
    }
    for visit in counted.visits where visit / 86_400 < dayCount { days[visit / 86_400].visits += 1 }
    self.days = days
    rates = WeeklyPoisson(perHour: Self.smoothed(traffic.visitsByHourOfWeek))

    let spans = Self.merged(counted.activity, withoutOthers ? [] : counted.otherActivity)
    var end: Double?
    var next = counted.visits.startIndex
    for span in spans {
      let start = Double(span[0])
      // Before the first request nothing is known, unless the log began with a silence.
      let silence = start - (end ?? 0)
      if silence > idleSeconds {
        while next < counted.visits.endIndex, Double(counted.visits[next]) < start { next += 1 }
        var delays: [Double] = []
        var index = next
        while index < counted.visits.endIndex, Double(counted.visits[index]) - start < longestWake {
          delays.append(Double(counted.visits[index]) - start)
          index += 1
        }
        let second = from + Int64(span[0])
        let ofWeek = Double(clock.secondOfWeek(second))
        starts.append(
          Start(
            day: span[0] / 86_400, second: start, secondOfDay: ofWeek.truncatingRemainder(dividingBy: 86_400),
            visitDelays: delays, silence: silence, expected: expected(at: ofWeek / 3_600)))
        addSleep(from: (end ?? 0) + idleSeconds, to: start, origin: from, &clock)
      }
      end = max(end ?? 0, Double(span[1]))
    }
    if let end, spanSeconds - end > idleSeconds {
      addSleep(from: end + idleSeconds, to: spanSeconds, origin: from, &clock)
    }
  }

  /// - Parameter hour: local, from Monday 00:00.
  private func expected(at hour: Double) -> Double {
    guard mayGrow else { return 0 }
    return rates.expected(from: hour + 168 - idleSeconds / 3_600, to: hour + 168)
  }

  private mutating func addSleep(from start: Double, to end: Double, origin: Int64, _ clock: inout WeekClock) {
    longestSleep = max(longestSleep, end - start)
    var second = start
    while second < end {
      let ofWeek = Double(clock.secondOfWeek(origin + Int64(second)))
      let piece = min(end - second, 900)
      sleeps.append(
        Sleep(
          day: Int(second / 86_400), seconds: piece, secondOfDay: ofWeek.truncatingRemainder(dividingBy: 86_400),
          expected: expected(at: ofWeek / 3_600)))
      second += piece
    }
  }

  /// Two ascending lists of spans as one, overlaps joined.
  private static func merged(_ first: [[Int]], _ second: [[Int]]) -> [[Int]] {
    var result: [[Int]] = []
    var i = 0
    var j = 0
    while i < first.count || j < second.count {
      let takesFirst = j >= second.count || (i < first.count && first[i][0] <= second[j][0])
      let span = takesFirst ? first[i] : second[j]
      if takesFirst { i += 1 } else { j += 1 }
      if let last = result.indices.last, span[0] <= result[last][1] {
        result[last][1] = max(result[last][1], span[1])
      } else {
        result.append(span)
      }
    }
    return result
  }

  /// Each hour takes half of itself and half of the same hour on the other days of its kind: two weeks tell little of
  /// one hour.
  private static func smoothed(_ rates: [Double]) -> [Double] {
    (0..<168).map { hour in
      let isWeekend = hour >= 120
      let alike = stride(from: hour % 24, to: 168, by: 24).filter { ($0 >= 120) == isWeekend }
      return rates[hour] / 2 + alike.reduce(0) { $0 + rates[$1] } / Double(alike.count) / 2
    }
  }
}

import Foundation
import Statistics

/// A job that pings a sleeping plan's service so that its idle clock never runs out: round the clock, or in duty hours.
package enum KeepAwake: Sendable, Hashable {
  case none
  case always
  /// Local hours of the day, `from` up to `to`, not across midnight.
  case duty(from: Int, to: Int)

  /// `always`, `07:00-22:00`; nil for none.
  package var text: String? {
    switch self {
    case .none: nil
    case .always: "always"
    case .duty(let from, let to): "\(Figure.twoDigits(from)):00-\(Figure.twoDigits(to)):00"
    }
  }

  /// How many of the `window` seconds before `secondOfDay` lie in duty. `window` is below a day.
  func overlap(before secondOfDay: Double, window: Double) -> Double {
    switch self {
    case .none: return 0
    case .always: return window
    case .duty(let from, let to):
      let start = Double(from) * 3_600
      let end = Double(to) * 3_600
      func part(_ low: Double, _ high: Double) -> Double { max(0, min(high, end) - max(low, start)) }
      let low = secondOfDay - window
      return part(max(0, low), secondOfDay) + (low < 0 ? part(low + 86_400, 86_400) : 0)
    }
  }

  /// In duty at this second of the day.
  func contains(_ secondOfDay: Double) -> Bool {
    switch self {
    case .none: false
    case .always: true
    case .duty(let from, let to): secondOfDay >= Double(from) * 3_600 && secondOfDay < Double(to) * 3_600
    }
  }

  var hoursPerDay: Double {
    switch self {
    case .none: 0
    case .always: 24
    case .duty(let from, let to): Double(to - from)
    }
  }
}

/// Pings every `everySeconds` at a phase that nobody knows, of which some don't come: each by itself with probability
/// `miss`, and all of them in outages.
struct PingModel: Hashable {
  var everySeconds: Double
  var miss: Double
  /// The share of time in which no ping comes at all.
  var outageShare = 0.0
  /// An outage's mean length.
  var outageSeconds = 0.0

  /// P(no ping came in `window` seconds in which pings were due) = φ + (1 − φ)·E[miss^K]: φ the share of time in
  /// outages, which are long beside a window; K the number due, exact over a uniform phase: ⌊window / every⌋, or one
  /// more with the probability of the fraction left.
  func silent(for window: Double) -> Double {
    guard window > 0 else { return 1 }
    let due = window / everySeconds
    let whole = due.rounded(.down)
    let more = due - whole
    return outageShare + (1 - outageShare) * pow(miss, whole) * (1 - more + more * miss)
  }

  /// P(a visit meets a service that a ping is just waking): a ping came within the last `wake` seconds and found the
  /// service asleep, because none had come in the `idle` seconds before it.
  func waking(idle: Double, wake: Double) -> Double {
    // Pings due strictly within the idle time before a ping: every multiple of the period below it.
    let before = ((idle / everySeconds).rounded(.up) - 1)
    return (1 - outageShare) * min(1, wake / everySeconds) * (1 - miss) * pow(miss, max(0, before))
  }

  /// The longest stretch without a ping, seconds: at the odds of one in a hundred pings missed in a row, or an outage.
  var longestGap: Double {
    let inARow = miss > 0 ? (miss < 1 ? max(1, (log(0.01) / log(miss)).rounded(.up)) : .infinity) : 0
    return max((inARow + 1) * everySeconds, outageShare > 0 ? outageSeconds : 0)
  }
}

/// How a pinger is taken to fail: as expected, and at its best and worst.
struct PingBounds: Hashable {
  var expected: PingModel
  var best: PingModel
  var worst: PingModel
  /// Nobody measured it, neither the owner nor anybody who published it.
  var isAssumed: Bool

  /// Without a best and a worst.
  var asExpected: PingBounds { always(expected) }

  /// Pings that fail as one model of them does.
  func always(_ model: PingModel) -> PingBounds {
    var bounds = self
    bounds.expected = model
    bounds.best = model
    bounds.worst = model
    return bounds
  }

  /// What the owner knows wins; what is left is the kind's record.
  init(_ values: OwnerValues) {
    let record = values.keepAwakeBy.record
    // A history holds few outages, of which a few are most of it: the next ones may be a third less or a half more.
    let stated = values.keepAwakeOutageHours.map { Estimate($0, $0 / 1.5, $0 * 1.5) }
    func model(_ bound: KeyPath<Estimate, Double>) -> PingModel {
      let hours =
        stated?[keyPath: bound] ?? record.outagesPerMonth[keyPath: bound] * record.outageSeconds / 3_600
      return PingModel(
        everySeconds: values.keepAwakeEverySeconds, miss: values.keepAwakeMiss ?? record.miss[keyPath: bound],
        outageShare: min(1, hours / SleepOutlook.hoursPerMonth), outageSeconds: record.outageSeconds)
    }
    isAssumed = record.source == nil && (values.keepAwakeMiss == nil || values.keepAwakeOutageHours == nil)
    expected = model(\.value)
    best = model(\.lower)
    worst = model(\.upper)
  }
}

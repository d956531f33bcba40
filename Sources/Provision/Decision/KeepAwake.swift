import Foundation

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

/// Pings every `everySeconds`, each of which fails to come with probability `miss`, at a phase that nobody knows.
struct PingModel {
  var everySeconds: Double
  var miss: Double

  /// P(no ping came in `window` seconds in which pings were due) = E[miss^K], K the number due, exact over a uniform
  /// phase: K is ⌊window / every⌋, or one more with the probability of the fraction left.
  func silent(for window: Double) -> Double {
    guard window > 0 else { return 1 }
    let due = window / everySeconds
    let whole = due.rounded(.down)
    let more = due - whole
    return pow(miss, whole) * (1 - more + more * miss)
  }

  /// P(a visit meets a service that a ping is just waking): a ping came within the last `wake` seconds and found the
  /// service asleep, because none had come in the `idle` seconds before it.
  func waking(idle: Double, wake: Double) -> Double {
    // Pings due strictly within the idle time before a ping: every multiple of the period below it.
    let before = ((idle / everySeconds).rounded(.up) - 1)
    return min(1, wake / everySeconds) * (1 - miss) * pow(miss, max(0, before))
  }
}

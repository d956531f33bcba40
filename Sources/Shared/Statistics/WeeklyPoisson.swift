import Foundation

/// Arrivals at a rate that is constant within each hour of the week and repeats every week: a Poisson process, for
/// traffic that was stated rather than counted.
package struct WeeklyPoisson: Sendable {
  /// Arrivals an hour, 168 of them, Monday 00:00 first.
  package let perHour: [Double]
  /// Arrivals from Monday 00:00 to the start of each hour; the last is the week's.
  private let cumulative: [Double]

  /// - Parameter perHour: 168 rates, none negative.
  package init(perHour: [Double]) {
    precondition(perHour.count == Self.hours, "a week has 168 hours")
    self.perHour = perHour
    cumulative = perHour.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
  }

  package static let hours = 168

  package var perWeek: Double { cumulative[Self.hours] }

  /// Expected arrivals in the hours from `start` to `end`, both counted from any Monday 00:00; `start <= end`.
  package func expected(from start: Double, to end: Double) -> Double { upTo(end) - upTo(start) }

  private func upTo(_ hour: Double) -> Double {
    let weeks = (hour / Double(Self.hours)).rounded(.down)
    let rest = hour - weeks * Double(Self.hours)
    let index = min(Self.hours - 1, Int(rest))
    return weeks * perWeek + cumulative[index] + (rest - Double(index)) * perHour[index]
  }

  /// P(no arrival in the `silence` hours before `hour`) = e^−Λ.
  package func silent(before hour: Double, for silence: Double) -> Double {
    exp(-expected(from: hour - silence, to: hour))
  }

  /// A mean over the week, weighted by this process' own rate: what an arrival meets.
  ///
  /// Each hour is integrated by Simpson's rule on pieces of a twelfth; `silent` has kinks at a twelfth's borders only
  /// when `silence` is a multiple of five minutes, and is smooth enough otherwise (error below 1e−4 of the value).
  package func meanOverArrivals(_ value: (Double) -> Double) -> Double {
    guard perWeek > 0 else { return 0 }
    return weeklyIntegral(weights: perHour, value) / perWeek
  }

  /// A mean over the week's time.
  package func meanOverTime(_ value: (Double) -> Double) -> Double {
    weeklyIntegral(weights: Array(repeating: 1, count: Self.hours), value) / Double(Self.hours)
  }

  private func weeklyIntegral(weights: [Double], _ value: (Double) -> Double) -> Double {
    let pieces = 12
    let width = 1 / Double(pieces)
    var sum = 0.0
    for hour in 0..<Self.hours where weights[hour] > 0 {
      var left = value(Double(hour))
      for piece in 0..<pieces {
        let start = Double(hour) + Double(piece) * width
        let right = value(start + width)
        sum += weights[hour] * width / 6 * (left + 4 * value(start + width / 2) + right)
        left = right
      }
    }
    return sum
  }
}

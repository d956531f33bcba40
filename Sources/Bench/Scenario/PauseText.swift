import BenchEngine
import Wording

/// Pauses as people write them: `1s`, `1s..3s`, `exponential(2s)`, `lognormal(2s, 8s)`.
enum PauseText {
  static let expected = "a duration such as 1s, a range such as 1s..3s, exponential(2s) or lognormal(2s, 8s)"

  /// - Returns: nil when it is anything else. `exponential` takes the mean, `lognormal` the median and the 95th
  ///   percentile, which must lie above it.
  static func parse(_ text: String) -> ThinkTime? {
    if let arguments = arguments(of: "exponential", in: text) {
      guard arguments.count == 1, arguments[0] > .zero else { return nil }
      return .exponential(mean: arguments[0])
    }
    if let arguments = arguments(of: "lognormal", in: text) {
      guard arguments.count == 2, arguments[0] > .zero, arguments[0] < arguments[1] else { return nil }
      return .logNormal(median: arguments[0], p95: arguments[1])
    }
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { bounded($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
      return nil
    }
    if ends.count == 1 || first == last { return first == .zero ? ThinkTime.none : .constant(first) }
    return .uniform(first, last)
  }

  /// The durations between the parentheses; empty when one of them is none.
  private static func arguments(of name: String, in text: String) -> [Duration]? {
    guard text.hasPrefix("\(name)("), text.last == ")" else { return nil }
    let parts = text.dropFirst(name.count + 1).dropLast().split(separator: ",", omittingEmptySubsequences: false)
    let times = parts.compactMap { part in bounded(part.drop { $0 == " " }) }
    return times.count == parts.count ? times : []
  }

  private static func bounded(_ text: Substring) -> Duration? {
    DurationText.parse(text).flatMap { Scenario.Bounds.think.contains($0) ? $0 : nil }
  }
}

import Foundation
import Statistics
import Wording

/// Figures as people read them.
enum Figure {
  /// `11 %`, `0.9 %`, `0.04 %`, `0 %`.
  static func percent(_ share: Double) -> String { "\(bare(share * 100)) %" }

  /// `11 % [8–15]`.
  static func percent(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    guard lower < upper else { return percent(value) }
    return "\(percent(value)) [\(bare(lower * 100))–\(bare(upper * 100))]"
  }

  static func percent(_ share: Estimate) -> String { percent(share.value, share.lower, share.upper) }

  /// `418`, `3.2`, `0.05`, and below that as many places as two digits need: `0.0043`.
  static func bare(_ value: Double) -> String {
    let magnitude = abs(value)
    return NumberText.trimmed(value, magnitude >= 9.95 ? 0 : magnitude >= 0.095 ? 1 : places(ofTwoDigits: magnitude))
  }

  /// `1,204`.
  static func count(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "∞" }
    guard abs(value) >= 999.5 else { return bare(value) }
    return NumberText.grouped(Int64(value.rounded()))
  }

  /// `$7`, `$0.42`, to the cent; below a dime with the two digits that tell it from nothing and from its like: `$0.015`,
  /// `$0.0043`.
  static func dollars(_ value: Double) -> String {
    dollars(value, places: abs(value) >= 0.0995 ? 2 : places(ofTwoDigits: abs(value)))
  }

  /// An amount that somebody stated, with all its digits: `$0.125`.
  static func statedDollars(_ value: Double) -> String {
    let places = (2...8).first { abs(fixedValue(value, $0) - value) <= abs(value) * 1e-9 } ?? 9
    return dollars(value, places: places)
  }

  private static func dollars(_ value: Double, places: Int) -> String {
    let text = NumberText.fixed(abs(value), places)
    guard text.contains(where: { $0 != "0" && $0 != "." }) else { return "$0" }
    var parts = text.split(separator: ".").map(String.init)
    if parts.count == 2 {
      while parts[1].count > 2, parts[1].last == "0" { parts[1].removeLast() }
      if parts[1] == "00" { parts.removeLast() }
    }
    let whole = Double(parts[0]).map { count($0) } ?? parts[0]
    return (value < 0 ? "−$" : "$") + ([whole] + parts.dropFirst()).joined(separator: ".")
  }

  /// A figure beside the one that it is on the other side of, with as many digits as it takes to tell them apart: what
  /// is over $0.0204 is not over the $0.02 that it costs now.
  /// - Parameter shown: how such a figure is shown.
  static func apart(_ value: Double, from other: Double, _ shown: (Double) -> String) -> String {
    let text = shown(value)
    guard text == shown(other), value != other else { return text }
    // One digit beyond the first in which they differ.
    let digits = Int((-log10(abs(value - other))).rounded(.up)) + 1
    return text.replacing(Self.number, maxReplacements: 1) { _ in NumberText.trimmed(value, min(9, max(2, digits))) }
  }

  /// The same of a share, in percent.
  static func percent(_ share: Double, apartFrom other: Double) -> String {
    apart(share * 100, from: other * 100) { "\(bare($0)) %" }
  }

  private static var number: Regex<Substring> { /[0-9][0-9,]*(?:\.[0-9]+)?/ }

  static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// `07:30`.
  static func time(_ secondOfDay: Int) -> String {
    "\(twoDigits(secondOfDay / 3_600)):\(twoDigits(secondOfDay % 3_600 / 60))"
  }

  private static func fixedValue(_ value: Double, _ places: Int) -> Double {
    let scale = pow(10, Double(places))
    return (value * scale).rounded() / scale
  }

  /// Two at least, and as many as show two digits that are not zeros in front; a billionth is nothing.
  private static func places(ofTwoDigits magnitude: Double) -> Int {
    guard magnitude >= 1e-9 else { return 2 }
    return min(10, max(2, 1 - Int(log10(magnitude).rounded(.down))))
  }
}

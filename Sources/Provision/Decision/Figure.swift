import Foundation

/// Figures as people read them.
enum Figure {
  /// `11 %`, `0.9 %`, `< 0.1 %`, `0 %`.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent > 0, percent < 0.05 { return "< 0.1 %" }
    return "\(bare(percent)) %"
  }

  /// `11 % [8–15]`.
  static func percent(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    guard lower < upper else { return percent(value) }
    return "\(percent(value)) [\(bare(lower * 100))–\(bare(upper * 100))]"
  }

  /// `418`, `3.2`, `0.05`.
  static func bare(_ value: Double) -> String {
    let magnitude = abs(value)
    let places = magnitude >= 9.95 || magnitude < 1e-9 ? 0 : magnitude >= 0.095 ? 1 : 2
    let text = fixed(value, places)
    guard places > 0, text.hasSuffix(places == 1 ? ".0" : ".00") else { return text }
    return String(text.prefix { $0 != "." })
  }

  /// `1,204`.
  static func count(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "∞" }
    guard abs(value) >= 1_000 else { return bare(value) }
    let digits = Array(String(Int64(abs(value).rounded())))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `$7`, `$0.42`, to the cent; `under $0.01` where that would be nothing.
  static func dollars(_ value: Double) -> String {
    if value > 1e-9, value < 0.005 { return "under $0.01" }
    let cents = (abs(value) * 100).rounded()
    let sign = value < 0 && cents > 0 ? "−" : ""
    guard cents.truncatingRemainder(dividingBy: 100) != 0 else { return "\(sign)$\(count((cents / 100).rounded()))" }
    return "\(sign)$\(fixed(cents / 100, 2))"
  }

  static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// `07:30`.
  static func time(_ secondOfDay: Int) -> String {
    "\(twoDigits(secondOfDay / 3_600)):\(twoDigits(secondOfDay % 3_600 / 60))"
  }

  static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "∞" }
    let scale = pow(10, Double(places))
    let scaled = Int64((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % Int64(scale))
    return "\(sign)\(scaled / Int64(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }
}

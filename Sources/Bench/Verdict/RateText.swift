/// Rates as people write them: `500/s`, `30/min`, `1000/h`.
package enum RateText {
  /// Events a second; nil when it is anything else, negative or not finite.
  package static func parse(_ text: some StringProtocol) -> Double? {
    guard let slash = text.firstIndex(of: "/"), let number = decimal(Substring(text[..<slash])) else { return nil }
    let seconds: Double? =
      switch text[text.index(after: slash)...] {
      case "s": 1
      case "min", "m": 60
      case "h": 3_600
      default: nil
      }
    return seconds.map { number / $0 }
  }

  /// Digits with at most one point.
  static func decimal(_ text: Substring) -> Double? {
    guard let first = text.first, first.isNumber, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") })
    else { return nil }
    return Double(text)
  }
}

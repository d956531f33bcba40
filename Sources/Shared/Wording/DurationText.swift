/// Durations as people write them in scenarios and on command lines: `250ms`, `1.5s`, `2m`, `1h`, `800us`.
package enum DurationText {
  private static let nanosecondsPerUnit: [(suffix: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
  ]

  /// Reads one number with one unit; nil when it is anything else, negative, or over a year.
  package static func parse(_ text: some StringProtocol) -> Duration? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let suffix = text.dropFirst(digits.count)
    guard let value = Double(digits), value.isFinite,
      let unit = nanosecondsPerUnit.first(where: { $0.suffix == suffix })
    else { return nil }
    let nanoseconds = value * unit.nanoseconds
    guard nanoseconds <= 365 * 86_400_000_000_000 else { return nil }
    return .nanoseconds(Int64(nanoseconds.rounded()))
  }

  /// Three significant digits in the unit that reads best: `0.85 ms`, `12.3 ms`, `1.19 s`, `2 m 5 s`, `0 s`.
  package static func format(_ duration: Duration) -> String {
    let seconds = duration.seconds
    return switch seconds {
    case 0: "0 s"
    case ..<1e-6: "\(Int((seconds * 1e9).rounded())) ns"
    case ..<1e-4: "\(threeDigits(seconds * 1e6)) µs"
    case ..<1: "\(threeDigits(seconds * 1e3)) ms"
    case ..<120: "\(threeDigits(seconds)) s"
    case ..<7_200: "\(Int(seconds) / 60) m \(Int(seconds) % 60) s"
    default: "\(Int(seconds) / 3_600) h \(Int(seconds) % 3_600 / 60) m"
    }
  }

  private static func threeDigits(_ value: Double) -> String {
    let decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
    let scale = [1.0, 10, 100][decimals]
    let scaled = Int((value * scale).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = String(scaled % Int(scale))
    return "\(scaled / Int(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}

extension Duration {
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }

  /// Whole nanoseconds, saturating.
  package var nanosecondCount: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000
  }
}

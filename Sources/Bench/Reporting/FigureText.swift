import Evidence
import Wording

/// Figures as people read them.
enum FigureText {
  /// `1,204`.
  static func count(_ value: UInt64) -> String { NumberText.grouped(value) }

  /// `1,204`, `401.9`, `0.52`: fewer decimals the larger it is.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "∞" }
    if value >= 1_000 { return count(UInt64(value.rounded())) }
    return NumberText.fixed(value, value >= 10 ? 1 : 2)
  }

  /// `4.7 %`, and `< 0.01 %` rather than a nought that isn't one.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent > 0, percent < 0.01 { return "< 0.01 %" }
    if percent == percent.rounded() { return "\(Int(percent)) %" }
    return NumberText.fixed(percent, percent < 1 ? 2 : 1) + " %"
  }

  static func milliseconds(_ value: Double) -> String { DurationText.format(.seconds(value / 1_000)) }

  static func seconds(_ value: Double) -> String { DurationText.format(.seconds(value)) }

  static func quantity(_ quantity: Quantity) -> String {
    switch quantity.unit {
    case .milliseconds: milliseconds(quantity.value)
    case .ratio: percent(quantity.value)
    case .perSecond: rate(quantity.value) + "/s"
    case .count: rate(quantity.value).replacing(/\.0+$/, with: "")
    case .bytes: ByteText.format(quantity.value)
    case .bytesPerSecond: ByteText.format(quantity.value) + "/s"
    }
  }

  /// A quantile of a series: `∞` among unanswered attempts, `–` without samples.
  static func quantile(_ quantile: LatencySummary.Quantile, of summary: LatencySummary) -> String {
    if let value = summary[quantile] { return milliseconds(value) }
    return summary.count == 0 ? "–" : "∞"
  }

  /// Where each request was sent at the clock reading that it was meant for.
  static let noLag = "none"

  static func lag(_ quantile: LatencySummary.Quantile, of summary: LatencySummary) -> String {
    summary[quantile] == 0 ? noLag : Self.quantile(quantile, of: summary)
  }

  /// `1 request`, `2 requests`.
  static func plural(_ value: UInt64, _ noun: String) -> String { "\(count(value)) \(noun)\(value == 1 ? "" : "s")" }
}

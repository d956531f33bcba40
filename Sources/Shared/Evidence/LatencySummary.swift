/// One latency series in milliseconds.
///
/// Attempts that never got an answer, and samples beyond an hour, rank above every value: a quantile whose rank falls
/// among them has no value, is null, and is named in `unanswered_quantiles`. Minimum, mean and maximum are of the
/// samples that have a value.
package struct LatencySummary: Codable, Sendable, Equatable {
  /// All samples.
  package var count: UInt64 = 0
  /// Attempts that got no answer.
  package var unanswered: UInt64 = 0
  /// Samples above an hour.
  package var beyondRange: UInt64 = 0
  @Nullable package var mean: Double?
  @Nullable package var minimum: Double?
  @Nullable package var p50: Double?
  @Nullable package var p75: Double?
  @Nullable package var p90: Double?
  @Nullable package var p95: Double?
  @Nullable package var p99: Double?
  @Nullable package var p999: Double?
  @Nullable package var maximum: Double?
  package var unansweredQuantiles: [Quantile] = []
  /// HdrHistogram's V2 compressed encoding in base64, of nanoseconds: all `count` samples, those without a value at the
  /// highest trackable one; null without samples.
  @Nullable package var hdr: String?

  package init() {}

  package enum Quantile: String, Codable, Sendable, CaseIterable {
    case p50, p75, p90, p95, p99
    case p999 = "p99_9"

    /// 0...1.
    package var share: Double {
      switch self {
      case .p50: 0.5
      case .p75: 0.75
      case .p90: 0.9
      case .p95: 0.95
      case .p99: 0.99
      case .p999: 0.999
      }
    }
  }

  /// Milliseconds; nil when there are no samples or `unansweredQuantiles` names it.
  package subscript(quantile: Quantile) -> Double? {
    get {
      switch quantile {
      case .p50: p50
      case .p75: p75
      case .p90: p90
      case .p95: p95
      case .p99: p99
      case .p999: p999
      }
    }
    set {
      switch quantile {
      case .p50: p50 = newValue
      case .p75: p75 = newValue
      case .p90: p90 = newValue
      case .p95: p95 = newValue
      case .p99: p99 = newValue
      case .p999: p999 = newValue
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case count, unanswered
    case beyondRange = "beyond_range"
    case mean = "mean_ms"
    case minimum = "min_ms"
    case p50 = "p50_ms"
    case p75 = "p75_ms"
    case p90 = "p90_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
    case p999 = "p99_9_ms"
    case maximum = "max_ms"
    case unansweredQuantiles = "unanswered_quantiles"
    case hdr = "hdr_v2"
  }
}

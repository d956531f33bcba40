import Wording

/// Figures of plans as people read them.
enum PlansText {
  /// `1,240`, `87`, `8.5`: three digits are as much as a search to 10 % gives.
  static func rate(_ rate: Double) -> String {
    rate < 10 ? NumberText.trimmed(rate, 1) : NumberText.grouped(Int(rate.rounded()))
  }

  static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  /// `0.1`, `2`
  static func cpu(_ cores: Double) -> String { cores == cores.rounded() ? "\(Int(cores))" : "\(cores)" }
}

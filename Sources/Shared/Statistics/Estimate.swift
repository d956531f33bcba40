/// A figure with the interval that the long-run value lies in, and how it was come by.
package struct Estimate: Codable, Sendable, Equatable {
  package var value: Double
  /// `lower <= value <= upper`.
  package var lower: Double
  package var upper: Double
  package var basis: Basis

  package init(_ value: Double, lower: Double, upper: Double, basis: Basis) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.basis = basis
  }

  /// One that is reckoned with, such as the part of a sum.
  package init(_ value: Double, _ lower: Double, _ upper: Double) {
    self.init(value, lower: lower, upper: upper, basis: .modelled)
  }

  /// The same as it is told, with bounds that enclose it.
  package func told(as basis: Basis) -> Estimate {
    Estimate(value, lower: min(lower, value), upper: max(upper, value), basis: basis)
  }

  /// A figure that is known exactly.
  package init(exactly value: Double, basis: Basis) {
    self.init(value, lower: value, upper: value, basis: basis)
  }

  package enum Basis: String, Codable, Sendable, CaseIterable {
    /// By counting events one by one.
    case counted
    /// By timing, again and again.
    case measured
    /// From a rate, where events were not recorded.
    case modelled
    case assumed
  }
}

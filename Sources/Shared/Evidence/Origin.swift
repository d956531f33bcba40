/// Where figures come from.
package enum Origin: String, Codable, Sendable, CaseIterable {
  /// Measured on the real thing.
  case live
  /// Measured under an emulated plan.
  case emulated
  /// Stated by somebody.
  case assumed
}

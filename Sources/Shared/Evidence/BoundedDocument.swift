import Statistics

/// A document with bounds to check after decoding.
package protocol BoundedDocument: EvidenceDocument {
  func checkBounds() throws(EvidenceError)
}

/// What figures can be; beyond it a document is broken, and sums of such figures would be infinite or say nothing.
enum FigureBounds {
  /// Of any unit.
  static let any = 0...1e15
  static let share = 0.0...1
  /// A hundred years.
  static let seconds = 0...3.2e9
  /// A start or a wake: at most a day.
  static let wakeSeconds = 0.0...86_400
  /// The longest month's.
  static let hoursOfMonth = 0.0...744
  static let perSecond = 0...1e9
  static let bytes = UInt64(1)...(1 << 50)
}

func bound(_ path: String, _ holds: Bool) throws(EvidenceError) {
  guard holds else { throw EvidenceError(.malformed, "\(path) is out of bounds") }
}

func bound(_ path: String, nonNegative values: [Double?]) throws(EvidenceError) {
  try bound(path, values.allSatisfy { $0.map(FigureBounds.any.contains) ?? true })
}

/// Of the document's own members, by their names.
func bound(
  _ fields: KeyValuePairs<String, Double?>, in range: ClosedRange<Double> = FigureBounds.any
) throws(EvidenceError) {
  for (name, value) in fields {
    guard let value, !range.contains(value) else { continue }
    throw EvidenceError(
      .malformed,
      "\(name) is \(value), out of bounds: \(range.lowerBound) to \(range.upperBound) was expected")
  }
}

/// - Parameter fields: by their names in the document, below `path`.
func bound(
  _ path: String, _ fields: KeyValuePairs<String, Double?>, in range: ClosedRange<Double> = FigureBounds.any
) throws(EvidenceError) {
  for (name, value) in fields { try bound(["\(path).\(name)": value], in: range) }
}

func bound(
  _ path: String, _ estimate: Estimate?, in range: ClosedRange<Double> = FigureBounds.any
) throws(EvidenceError) {
  guard let estimate else { return }
  try bound(
    path, ["value": estimate.value, "lower": estimate.lower, "upper": estimate.upper], in: range)
  guard estimate.lower <= estimate.value, estimate.value <= estimate.upper else {
    throw EvidenceError(
      .malformed,
      "\(path).value is \(estimate.value), outside of its own interval from \(estimate.lower) to \(estimate.upper)")
  }
}

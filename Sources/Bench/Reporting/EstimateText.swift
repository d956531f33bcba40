/// Numbers of what is an estimate, as people read them.
package enum EstimateText {
  /// `12,400`: three digits.
  package static func count(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "∞" }
    var scale = 1.0
    while value / scale >= 1_000 { scale *= 10 }
    return FigureText.count(UInt64((value / scale).rounded() * scale))
  }
}

import Wording

/// Amounts of data as people read them; a kilobyte is 1,000 bytes, as hosting plans count.
package enum ByteCountText {
  /// `512 B`, `20.4 KB`, `1.3 GB`.
  package static func format(_ bytes: Double) -> String { ByteText.format(bytes) }

  /// `12,400`: three digits of what is an estimate.
  package static func count(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "∞" }
    var scale = 1.0
    while value / scale >= 1_000 { scale *= 10 }
    return FigureText.count(UInt64((value / scale).rounded() * scale))
  }
}

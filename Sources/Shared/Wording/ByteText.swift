/// Amounts of data; a kilobyte is 1,000 bytes, as hosting plans count.
package enum ByteText {
  /// `512`, `512B`, `20KB`, `1.5MB`, `2GB`; nil when it is anything else.
  package static func parse(_ text: Substring) -> Double? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard digits.first?.isNumber == true, let value = Double(digits) else { return nil }
    return switch text[digits.endIndex...] {
    case "", "B": value
    case "KB": value * 1e3
    case "MB": value * 1e6
    case "GB": value * 1e9
    default: nil
    }
  }

  /// `512 B`, `20.4 KB`, `1.30 GB`.
  package static func format(_ bytes: Double) -> String {
    let units = ["B", "KB", "MB", "GB", "TB"]
    var value = max(bytes, 0)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1_000
      unit += 1
    }
    guard unit > 0, value < 100 else {
      return "\(NumberText.grouped(UInt64(min(value, 1e15).rounded()))) \(units[unit])"
    }
    return "\(NumberText.fixed(value, value >= 10 ? 1 : 2)) \(units[unit])"
  }
}

/// Numbers as people read them.
package enum NumberText {
  /// `1,204`.
  package static func grouped(_ number: some BinaryInteger) -> String { grouped(digits: String(number)) }

  /// Whole numbers as digits, with or without a minus.
  package static func grouped(digits: String) -> String {
    var text = ""
    for (place, digit) in zip((0..<digits.count).reversed(), digits) {
      text.append(digit)
      if digit != "-", place > 0, place.isMultiple(of: 3) { text.append(",") }
    }
    return text
  }

  /// With so many decimals, the last rounded: `0.52`.
  package static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "∞" }
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    // Fractions that a whole number of 64 bits doesn't hold are nothing beside it.
    guard abs(value) * scale < 9e18 else { return fixed(value, 2) }
    let scaled = Int64((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % Int64(scale))
    return "\(sign)\(scaled / Int64(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }

  /// At most so many decimals, none at the end that is zero.
  package static func trimmed(_ value: Double, _ places: Int) -> String {
    var text = Substring(fixed(value, places))
    guard text.contains(".") else { return String(text) }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }
}

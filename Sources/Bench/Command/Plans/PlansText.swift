/// Figures of plans as people read them.
enum PlansText {
  /// `1,240`, `87`, `8.5`: three digits are as much as a search to 10 % gives.
  static func rate(_ rate: Double) -> String {
    if rate < 10 { return decimal(rate) }
    let digits = String(Int(rate.rounded()))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  /// `0.1`, `2`
  static func cpu(_ cores: Double) -> String { cores == cores.rounded() ? "\(Int(cores))" : "\(cores)" }

  private static func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}

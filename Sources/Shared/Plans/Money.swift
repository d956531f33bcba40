import Wording

/// An amount in United States dollars, exact to a billionth: prices such as $0.0003625 add up without rounding.
///
/// Written as decimal text (`"19"`, `"0.0075"`) in data, so that no binary fraction ever stands for a price.
package struct Money: Sendable, Hashable, Comparable, AdditiveArithmetic {
  package var nanodollars: Int64

  package init(nanodollars: Int64) { self.nanodollars = nanodollars }

  package init(dollars: Int64) { nanodollars = dollars * Self.unit }

  package static let zero = Money(nanodollars: 0)
  private static let unit: Int64 = 1_000_000_000

  /// Reads `7`, `19.00` or `0.0075`: digits, at most nine after the point, up to a billion dollars; nil for anything
  /// else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) }),
      parts[0].utf8.count <= 9, parts.count == 1 || parts[1].utf8.count <= 9, let whole = Int64(parts[0])
    else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    guard let billionths = Int64(fraction + String(repeating: "0", count: 9 - fraction.utf8.count)) else { return nil }
    nanodollars = whole * Self.unit + billionths
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  package static func < (left: Money, right: Money) -> Bool { left.nanodollars < right.nanodollars }
  package static func + (left: Money, right: Money) -> Money {
    Money(nanodollars: left.nanodollars + right.nanodollars)
  }
  package static func - (left: Money, right: Money) -> Money {
    Money(nanodollars: left.nanodollars - right.nanodollars)
  }
  package static func * (money: Money, count: Int) -> Money { Money(nanodollars: money.nanodollars * Int64(count)) }

  /// To the cent, a half away from zero.
  package var roundedToCents: Money {
    let half: Int64 = nanodollars < 0 ? -5_000_000 : 5_000_000
    return Money(nanodollars: (nanodollars + half) / 10_000_000 * 10_000_000)
  }

  /// Whole millionths of a dollar, as they are counted where many processes add them up; nil for an amount between two.
  package var microdollars: Int64? { nanodollars % 1_000 == 0 ? nanodollars / 1_000 : nil }

  package init(microdollars: Int64) { nanodollars = microdollars * 1_000 }

  /// For arithmetic with measured quantities.
  package var dollars: Double { Double(nanodollars) / 1e9 }

  /// The nearest billionth of a dollar.
  package init(approximately dollars: Double) { nanodollars = Int64((dollars * 1e9).rounded()) }

  /// Decimal text without needless zeros: `7`, `0.0075`.
  package var decimalText: String {
    let sign = nanodollars < 0 ? "-" : ""
    let magnitude = nanodollars.magnitude
    let (whole, billionths) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    guard billionths > 0 else { return "\(sign)\(whole)" }
    var fraction = String(billionths)
    fraction = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }
}

extension Money {
  /// To the cent, with thousands grouped: `7.00`, `1,248.00`.
  package var centsText: String {
    let cents = (roundedToCents.nanodollars / 10_000_000).magnitude
    let sign = roundedToCents.nanodollars < 0 ? "-" : ""
    return "\(sign)\(NumberText.grouped(cents / 100)).\(String(cents % 100 + 100).dropFirst())"
  }

  /// `decimalText` with thousands grouped: `1,333`, `7.5`.
  package var groupedText: String {
    let parts = decimalText.split(separator: ".", maxSplits: 1)
    return NumberText.grouped(digits: String(parts[0])) + (parts.count > 1 ? ".\(parts[1])" : "")
  }
}

extension Money: CustomStringConvertible {
  /// `$7`, `$1,000`, `$10.50`, and unit prices below a cent in full: `$0.0075`.
  package var description: String {
    var text = groupedText
    let sign = text.first == "-" ? String(text.removeFirst()) : ""
    if let point = text.firstIndex(of: "."), text.distance(from: point, to: text.endIndex) == 2 { text += "0" }
    return "\(sign)$\(text)"
  }
}

extension Money: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self), let money = Money(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected an amount in dollars as decimal text, such as \"7\" or \"0.0075\"")
    }
    self = money
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(decimalText)
  }
}

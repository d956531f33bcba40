/// How much of something is bought, exact to a billionth: `1333`, `7.5`.
package struct BilledQuantity: Sendable, Hashable, Comparable {
  package var billionths: Int64

  package init(_ count: Int) { billionths = Int64(count) * 1_000_000_000 }

  /// Reads digits with at most nine after the point, below a billion; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let money = Money(text) else { return nil }
    billionths = money.nanodollars
  }

  /// The nearest billionth of a measured quantity.
  package init(approximately value: Double) { billionths = Int64((value * 1e9).rounded()) }

  package var value: Double { Double(billionths) / 1e9 }

  /// `1,333` or `7.5`.
  package var text: String { Money(nanodollars: billionths).groupedText }

  package static func < (left: BilledQuantity, right: BilledQuantity) -> Bool { left.billionths < right.billionths }
  package static func - (left: BilledQuantity, right: BilledQuantity) -> BilledQuantity {
    var result = left
    result.billionths -= right.billionths
    return result
  }
}

extension Money {
  /// The price of a quantity, to the nearest billionth of a dollar (a half away from zero); nil beyond nine billion
  /// dollars.
  package func times(_ quantity: BilledQuantity) -> Money? {
    let isNegative = (nanodollars < 0) != (quantity.billionths < 0)
    let product = nanodollars.magnitude.multipliedFullWidth(by: quantity.billionths.magnitude)
    guard product.high < 1_000_000_000 else { return nil }
    let (quotient, remainder) = UInt64(1_000_000_000).dividingFullWidth(product)
    guard quotient < UInt64(Int64.max) else { return nil }
    let rounded = Int64(quotient) + (remainder >= 500_000_000 ? 1 : 0)
    return Money(nanodollars: isNegative ? -rounded : rounded)
  }
}

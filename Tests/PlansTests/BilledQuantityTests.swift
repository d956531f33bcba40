import Statistics
import Testing

@testable import Plans

@Suite struct QuantityTests {
  @Test(
    "a price times a quantity is exact",
    arguments: [
      ("0.0075", "1333", "9.9975"), ("0.0003625", "50000", "18.125"), ("0.15", "7.5", "1.125"), ("0.30", "0", "0"),
      ("450", "0.000000001", "0.00000045"),
    ])
  func exact(price: String, quantity: String, product: String) throws {
    #expect(try #require(Money(price)).times(try #require(BilledQuantity(quantity))) == Money(product))
  }

  @Test("half a billionth of a dollar rounds away from zero")
  func half() throws {
    let smallest = Money(nanodollars: 1)
    #expect(smallest.times(try #require(BilledQuantity("0.5"))) == smallest)
    #expect(smallest.times(try #require(BilledQuantity("0.499999999"))) == .zero)
    #expect(Money(nanodollars: -1).times(try #require(BilledQuantity("0.5"))) == Money(nanodollars: -1))
  }

  @Test("whole quantities multiply as repeated addition does")
  func whole() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<1_000 {
      let price = Money(nanodollars: Int64(generator.unit() * 1e12))
      let count = Int(generator.unit() * 1e4)
      #expect(price.times(BilledQuantity(count)) == price * count)
    }
  }

  @Test("what is beyond money's range is nil, not a wrong figure")
  func overflow() throws {
    #expect(Money(dollars: 999_999_999).times(try #require(BilledQuantity("999999999"))) == nil)
    #expect(Money(dollars: 9).times(BilledQuantity(1_000_000_000)) == Money(dollars: 9_000_000_000))
    #expect(Money(dollars: 10).times(BilledQuantity(1_000_000_000)) == nil)
  }

  @Test(
    "amounts to the cent, with thousands grouped",
    arguments: [
      ("0", "0.00"), ("9.9975", "10.00"), ("6.3", "6.30"), ("1248.719", "1,248.72"), ("1234567.005", "1,234,567.01"),
      ("999.994", "999.99"),
    ])
  func cents(text: String, shown: String) throws {
    #expect(try #require(Money(text)).centsText == shown)
    #expect((Money.zero - (try #require(Money(text)))).centsText == (text == "0" ? shown : "-" + shown))
  }

  @Test(
    "quantities are shown with thousands grouped", arguments: [("1333", "1,333"), ("7.5", "7.5"), ("0.001", "0.001")])
  func shown(text: String, expected: String) throws { #expect(try #require(BilledQuantity(text)).text == expected) }
}

import Foundation
import Testing

@testable import Plans

@Suite struct MoneyTests {
  @Test("unit prices add up exactly")
  func exact() throws {
    let message = try #require(Money("0.0075"))
    #expect((message * 1_333).decimalText == "9.9975")
    #expect((message * 1_333).roundedToCents == Money(dollars: 10))
    let tenths = Array(repeating: try #require(Money("0.1")), count: 10)
    #expect(tenths.reduce(.zero, +) == Money(dollars: 1))
  }

  @Test(
    "amounts are shown as people write them",
    arguments: [
      ("7", "$7"), ("10.50", "$10.50"), ("0.0075", "$0.0075"), ("19.00", "$19"), ("0.1", "$0.10"), ("1500", "$1,500"),
    ])
  func shown(text: String, expected: String) throws {
    #expect(try #require(Money(text)).description == expected)
  }

  @Test("what is no amount is refused", arguments: ["", "-1", "1.", ".5", "1,5", "1e3", "1.2.3", "1234567890", "$7"])
  func refused(text: String) { #expect(Money(text) == nil) }

  @Test("a half cent rounds away from zero")
  func rounding() {
    #expect(Money(nanodollars: 5_000_000).roundedToCents == Money(nanodollars: 10_000_000))
    #expect(Money(nanodollars: -5_000_000).roundedToCents == Money(nanodollars: -10_000_000))
    #expect(Money(nanodollars: 4_999_999).roundedToCents == .zero)
  }

  @Test("amounts are text in JSON")
  func json() throws {
    let data = try JSONEncoder().encode([Money(nanodollars: 362_500)])
    #expect(String(decoding: data, as: UTF8.self) == #"["0.0003625"]"#)
    #expect(try JSONDecoder().decode([Money].self, from: data) == [Money(nanodollars: 362_500)])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Money].self, from: Data("[7]".utf8)) }
  }
}

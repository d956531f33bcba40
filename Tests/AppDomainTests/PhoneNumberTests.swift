import Plans
import Testing

@testable import AppDomain

struct PhoneNumberTests {
  @Test(
    "numbers as people write them are one number",
    arguments: [
      ("+919876543210", "+919876543210"), (" +91 98765 43210 ", "+919876543210"), ("+1 (415) 555-2671", "+14155552671"),
      ("+44\u{A0}20.7946.0958", "+442079460958"), ("+1234567", "+1234567"), ("+123456789012345", "+123456789012345"),
    ])
  func reads(_ text: String, _ number: String) { #expect(PhoneNumber(text)?.text == number) }

  @Test(
    "anything else is none",
    arguments: [
      "", "+", "9876543210", "0091 98765 43210", "+0919876543210", "+123456", "+1234567890123456", "+91+9876543210",
      "+91 98765 4321x", "+९१९८७६५४३२१०", "tel:+919876543210", "+91 98765\r\n43210", "+91987\u{0}6543210",
      "whatsapp:+919876543210", String(repeating: " ", count: 200) + "+919876543210", "+９１９８７６５４３２１０",
    ])
  func refuses(_ text: String) { #expect(PhoneNumber(text) == nil) }

  @Test("the longest beginning with a price counts, also where it says that there is none; a later one takes its place")
  func prices() throws {
    let cents = Money(microdollars: 8_300)
    func price(_ prefix: String, _ money: Money?, _ channel: NotificationChannel = .sms) -> MessagePrices.Price {
      MessagePrices.Price(channel: channel, prefix: prefix, perSegment: money, asOf: "2026-11-09")
    }
    let prices = MessagePrices([
      price("+1", cents), price("+1876", nil), price("+91", cents), price("+91", cents * 10),
      price("+91", cents, .whatsApp),
    ])
    func money(_ text: String, _ channel: NotificationChannel = .sms) throws -> Money? {
      prices.price(of: try #require(PhoneNumber(text)), on: channel)?.money
    }
    #expect(try money("+14155552671") == cents && money("+18765552671") == nil && money("+919876543210") == cents * 10)
    #expect(try money("+442079460958") == nil && money("+14155552671", .whatsApp) == nil)
    #expect(try money("+919876543210", .whatsApp) == cents && money("+919876543210", .email) == nil)
    #expect(prices.prefixes(on: .sms) == ["+1", "+91"] && prices.prefixes(on: .fcm).isEmpty)
  }

  @Test("quiet hours over midnight and within a day, in the health centre's time")
  func quiet() throws {
    let night = try #require(QuietHours("22:00-07:00"))
    let day = try #require(CalendarDay(iso8601: "2026-11-25"))
    func at(_ minute: Int) -> Double { CampusTime.instant(of: day, minute: minute) }
    #expect(night.end(at: at(22 * 60 - 1)) == nil && night.end(at: at(22 * 60)) == at(31 * 60))
    #expect(night.end(at: at(0)) == at(7 * 60) && night.end(at: at(7 * 60)) == nil)
    #expect(night.end(at: at(7 * 60) - 0.001) == at(7 * 60))
    let noon = try #require(QuietHours("12:00-13:30"))
    #expect(noon.end(at: at(12 * 60)) == at(13 * 60 + 30) && noon.end(at: at(13 * 60 + 30)) == nil)
    for text in [
      "", "22-07", "24:00-07:00", "07:00-07:00", "22:60-07:00", "2:00-07:00", "22:00-07:00-08:00", "२२:००-०७:००",
    ] {
      #expect(QuietHours(text) == nil, "\(text)")
    }
  }
}

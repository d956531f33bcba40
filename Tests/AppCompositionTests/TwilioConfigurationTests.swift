import AppDomain
import Channels
import Plans
import Testing

@testable import AppComposition

struct TwilioConfigurationTests {
  private static let whole = [
    "TWILIO_ACCOUNT_SID": sid("AC"), "TWILIO_AUTH_TOKEN": "token-of-mine", "TWILIO_FROM": "+1 415 555 0100",
    "MESSAGE_SPEND_CAP": "20", "UNSUBSCRIBE_SECRET": "0123456789abcdef0123456789abcdef",
  ]
  private static let whatsApp = [
    "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886", "TWILIO_WHATSAPP_CONTENT_SID": sid("HX"),
    "MESSAGE_PRICES": "+91=0.0832@2026-11-01, whatsapp:+91=0.0065@2026-11-02",
  ]

  private static func sid(_ kind: String) -> String { kind + String(repeating: "0f", count: 16) }

  private static func read(_ changes: [String: String]) throws(ConfigurationError) -> NotifyConfiguration.Twilio? {
    try NotifyConfiguration(environment: whole.merging(changes) { $1 }).twilio
  }

  @Test("an account, who sends, and a cap are enough; the United States have a price, and their neighbours none")
  func whole() throws {
    let twilio = try #require(try Self.read([:]))
    #expect(twilio.sms == .sms(.from("+14155550100")) && twilio.whatsApp == nil && twilio.cap == Money(dollars: 20))
    #expect(twilio.quietHours == QuietHours("22:00-07:00") && twilio.codesPerHour == 30)
    #expect(twilio.codeChannel(for: .sms) == .sms && twilio.codeChannel(for: .whatsApp) == nil)
    let sanFrancisco = try #require(PhoneNumber("+14155552671"))
    let american = try #require(twilio.prices.price(of: sanFrancisco, on: .sms))
    #expect(american.money == Money("0.0083") && american.reading.asOf == "2026-11-09")
    for number in ["+18765552671", "+16045552671", "+919876543210", "+18005552671", "+447911123456"] {
      let number = try #require(PhoneNumber(number))
      #expect(twilio.prices.price(of: number, on: .sms) == nil, "\(number)")
    }
    #expect(try NotifyConfiguration(environment: [:]).twilio == nil)
    #expect("\(twilio)".contains("token-of-mine") == false)
  }

  @Test("prices, quiet hours, WhatsApp and its codes")
  func more() throws {
    var changes = Self.whatsApp
    changes["QUIET_HOURS"] = "off"
    let twilio = try #require(try Self.read(changes))
    #expect(twilio.quietHours == nil && twilio.codeChannel(for: .whatsApp) == .sms)
    let number = try #require(PhoneNumber("+919876543210"))
    #expect(twilio.prices.price(of: number, on: .sms)?.money.microdollars == 83_200)
    #expect(twilio.prices.price(of: number, on: .whatsApp)?.reading.asOf == "2026-11-02")
    changes["TWILIO_WHATSAPP_CODE_CONTENT_SID"] = Self.sid("HX")
    #expect(try Self.read(changes)?.codeChannel(for: .whatsApp) == .whatsApp)
    changes["TWILIO_FROM"] = ""
    let alone = try #require(try Self.read(changes))
    #expect(alone.sms == nil && alone.codeChannel(for: .sms) == nil && alone.codeChannel(for: .whatsApp) == .whatsApp)
  }

  @Test(
    "half-set or unusable settings are named with what was expected, and no secret is repeated",
    arguments: [
      (["TWILIO_ACCOUNT_SID": ""], "TWILIO_AUTH_TOKEN is set and TWILIO_ACCOUNT_SID is not"),
      (["TWILIO_ACCOUNT_SID": "AC12"], "TWILIO_ACCOUNT_SID: AC and 32 hexadecimal digits"),
      (["TWILIO_AUTH_TOKEN": ""], "TWILIO_AUTH_TOKEN: the token of the account"),
      (["TWILIO_AUTH_TOKEN": "pass word 1"], "TWILIO_AUTH_TOKEN: 8 to 200 ASCII characters"),
      (["TWILIO_API_KEY_SID": sid("SK")], "TWILIO_API_KEY_SECRET is not"),
      (["TWILIO_API_KEY_SECRET": "secret-of-mine"], "TWILIO_API_KEY_SID is not"),
      (["TWILIO_API_KEY_SID": sid("AC"), "TWILIO_API_KEY_SECRET": "secret-of-mine"], "TWILIO_API_KEY_SID: SK"),
      (["TWILIO_FROM": ""], "TWILIO_FROM: who messages are from"), (["TWILIO_FROM": "1234"], "TWILIO_FROM: a number"),
      (["TWILIO_MESSAGING_SERVICE_SID": sid("MG")], "TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID are both set"),
      (["TWILIO_FROM": "", "TWILIO_MESSAGING_SERVICE_SID": sid("AC")], "TWILIO_MESSAGING_SERVICE_SID: MG"),
      (["TWILIO_WHATSAPP_FROM": "+14155238886"], "TWILIO_WHATSAPP_CONTENT_SID is not"),
      (["TWILIO_WHATSAPP_CONTENT_SID": sid("HX")], "TWILIO_WHATSAPP_FROM is not"),
      (
        ["TWILIO_WHATSAPP_FROM": "+14155238886", "TWILIO_WHATSAPP_CONTENT_SID": sid("HX")],
        "no country has a price for WhatsApp"
      ),
      (
        whatsApp.merging(["TWILIO_FROM": ""]) { $1 },
        "TWILIO_WHATSAPP_CODE_CONTENT_SID: a template for codes was expected"
      ),
      (["MESSAGE_SPEND_CAP": ""], "MESSAGE_SPEND_CAP is not set"),
      (["MESSAGE_SPEND_CAP": "0"], "MESSAGE_SPEND_CAP \"0\""),
      (["MESSAGE_SPEND_CAP": "-1"], "MESSAGE_SPEND_CAP"), (["MESSAGE_SPEND_CAP": "1e3"], "MESSAGE_SPEND_CAP"),
      (["MESSAGE_SPEND_CAP": "0.0000001"], "MESSAGE_SPEND_CAP"),
      (["MESSAGE_SPEND_CAP": "2000000"], "MESSAGE_SPEND_CAP"),
      (["MESSAGE_PRICES": "+91=0.0832"], "MESSAGE_PRICES \"+91=0.0832\""),
      (["MESSAGE_PRICES": "+91=0@2026-11-01"], "MESSAGE_PRICES"),
      (["MESSAGE_PRICES": "91=1@2026-11-01"], "MESSAGE_PRICES"),
      (["MESSAGE_PRICES": "+91=0.08@2026-02-30"], "MESSAGE_PRICES"),
      (["MESSAGE_PRICES": "email:+91=1@2026-11-01"], "MESSAGE_PRICES"),
      (["MESSAGE_PRICES": "+91=0.00000001@2026-11-01"], "MESSAGE_PRICES"), (["MESSAGE_PRICES": ","], "MESSAGE_PRICES"),
      (["MESSAGE_CODES_PER_HOUR": "0"], "MESSAGE_CODES_PER_HOUR"), (["QUIET_HOURS": "22-7"], "QUIET_HOURS \"22-7\""),
      (["TWILIO_URL": "http://api.twilio.com"], "TWILIO_URL"),
      (["UNSUBSCRIBE_SECRET": ""], "UNSUBSCRIBE_SECRET is not set"),
    ])
  func refusals(_ changes: [String: String], _ words: String) {
    let error = #expect(throws: ConfigurationError.self) { _ = try Self.read(changes) }
    let said = "\(error?.description ?? "")"
    #expect(said.contains(words), "\(said)")
    #expect(!said.contains("of-mine") && !said.contains("pass word"))
  }
}

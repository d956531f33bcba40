import AppDomain
import Channels
import Plans
import Secrets
import Wording

extension NotifyConfiguration {
  /// Messages to phones, which cost money.
  struct Twilio: Sendable {
    var account: TwilioAccount
    /// By which webhooks are signed; nil: they are not taken.
    var token: Redacted<String>?
    var sms: TwilioRoute?
    var whatsApp: TwilioRoute?
    /// Of a month in UTC, for both channels together.
    var cap: Money
    var prices: MessagePrices
    /// Codes to all phones together.
    var codesPerHour: Int
    /// Nil: never.
    var quietHours: QuietHours?
    /// For one message.
    var timeout: Duration

    func route(of channel: NotificationChannel) -> TwilioRoute? {
      switch channel {
      case .sms: sms
      case .whatsApp: whatsApp
      case .email, .webPush, .fcm: nil
      }
    }

    /// By which way a code goes that confirms a phone on a channel; nil where the channel is off.
    func codeChannel(for channel: NotificationChannel) -> NotificationChannel? {
      switch whatsApp {
      case .whatsApp(_, _, let codeTemplate?) where channel == .whatsApp && !codeTemplate.isEmpty: .whatsApp
      case _ where route(of: channel) != nil: sms == nil ? nil : .sms
      default: nil
      }
    }
  }

  static let standardQuietHours = "22:00-07:00"
  static let standardCodesPerHour = 30

  /// TWILIO_…, MESSAGE_SPEND_CAP, MESSAGE_PRICES, MESSAGE_CODES_PER_HOUR, QUIET_HOURS.
  /// - Returns: nil without TWILIO_ACCOUNT_SID.
  /// - Throws: `ConfigurationError`; it repeats neither token nor secret.
  static func twilio(_ environment: [String: String]) throws(ConfigurationError) -> Twilio? {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let quietHours = try quietHours(setting("QUIET_HOURS") ?? standardQuietHours)
    guard let sid = setting("TWILIO_ACCOUNT_SID") else {
      let others = [
        "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET", "TWILIO_FROM",
        "TWILIO_MESSAGING_SERVICE_SID",
        "TWILIO_WHATSAPP_FROM", "TWILIO_WHATSAPP_CONTENT_SID", "TWILIO_WHATSAPP_CODE_CONTENT_SID", "MESSAGE_SPEND_CAP",
      ]
      if let name = others.first(where: { setting($0) != nil }) {
        throw ConfigurationError("\(name) is set and TWILIO_ACCOUNT_SID is not: name the account too, or neither")
      }
      return nil
    }
    guard TwilioAccount.isSID(sid, of: "AC") else {
      throw ConfigurationError(
        "TWILIO_ACCOUNT_SID: AC and 32 hexadecimal digits were expected, as Twilio's console shows it")
    }
    let sms = try smsRoute(environment)
    let whatsApp = try whatsAppRoute(environment, hasSMS: sms != nil)
    guard sms != nil || whatsApp != nil else {
      throw ConfigurationError(
        "TWILIO_FROM: who messages are from was expected, +14155550100; or TWILIO_MESSAGING_SERVICE_SID, or "
          + "TWILIO_WHATSAPP_FROM with TWILIO_WHATSAPP_CONTENT_SID")
    }
    guard setting("UNSUBSCRIBE_SECRET") != nil else {
      throw ConfigurationError(
        "UNSUBSCRIBE_SECRET is not set, and TWILIO_ACCOUNT_SID is: it guards the codes by which phones are confirmed; "
          + "`openssl rand -hex 16` gives one")
    }
    let prices = try prices(setting("MESSAGE_PRICES"))
    if whatsApp != nil, prices.prefixes(on: .whatsApp).isEmpty {
      throw ConfigurationError(
        "MESSAGE_PRICES: TWILIO_WHATSAPP_FROM is set, and no country has a price for WhatsApp: Twilio's and Meta's fee "
          + "together and when they were read were expected, such as whatsapp:+91=0.0065@2026-11-01")
    }
    return Twilio(
      account: try account(sid, environment), token: setting("TWILIO_AUTH_TOKEN").map { Redacted($0) }, sms: sms,
      whatsApp: whatsApp, cap: try cap(setting("MESSAGE_SPEND_CAP")), prices: prices,
      codesPerHour: try codesPerHour(setting("MESSAGE_CODES_PER_HOUR")), quietHours: quietHours,
      timeout: try duration(setting("TWILIO_TIMEOUT"), "TWILIO_TIMEOUT", .milliseconds(500), .seconds(120))
        ?? .seconds(15))
  }

  private static func account(
    _ sid: String, _ environment: [String: String]
  ) throws(ConfigurationError) -> TwilioAccount {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let base = setting("TWILIO_URL") ?? TwilioAccount.standardBase
    guard TwilioAccount.isBase(base) else {
      throw ConfigurationError(
        "TWILIO_URL: an https:// URL was expected, such as \(TwilioAccount.standardBase); http:// only of this machine")
    }
    func secret(_ name: String) throws(ConfigurationError) -> Redacted<String>? {
      guard let text = setting(name) else { return nil }
      guard TwilioAccount.isSecret(text) else {
        throw ConfigurationError("\(name): 8 to 200 ASCII characters without blanks were expected")
      }
      return Redacted(text)
    }
    let (token, keySecret) = (try secret("TWILIO_AUTH_TOKEN"), try secret("TWILIO_API_KEY_SECRET"))
    if let key = setting("TWILIO_API_KEY_SID") {
      guard TwilioAccount.isSID(key, of: "SK") else {
        throw ConfigurationError("TWILIO_API_KEY_SID: SK and 32 hexadecimal digits were expected")
      }
      guard let keySecret else {
        throw ConfigurationError("TWILIO_API_KEY_SID is set and TWILIO_API_KEY_SECRET is not: set both, or neither")
      }
      return TwilioAccount(sid: sid, user: key, password: keySecret, base: base)
    }
    guard keySecret == nil else {
      throw ConfigurationError("TWILIO_API_KEY_SECRET is set and TWILIO_API_KEY_SID is not: set both, or neither")
    }
    guard let token else {
      throw ConfigurationError(
        "TWILIO_AUTH_TOKEN: the token of the account in TWILIO_ACCOUNT_SID was expected; or TWILIO_API_KEY_SID and "
          + "TWILIO_API_KEY_SECRET")
    }
    return TwilioAccount(sid: sid, password: token, base: base)
  }

  private static func smsRoute(_ environment: [String: String]) throws(ConfigurationError) -> TwilioRoute? {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let service = setting("TWILIO_MESSAGING_SERVICE_SID") {
      guard setting("TWILIO_FROM") == nil else {
        throw ConfigurationError("TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID are both set: name one of them")
      }
      guard TwilioAccount.isSID(service, of: "MG") else {
        throw ConfigurationError("TWILIO_MESSAGING_SERVICE_SID: MG and 32 hexadecimal digits were expected")
      }
      return .sms(.service(service))
    }
    guard let from = setting("TWILIO_FROM") else { return nil }
    guard let sender = PhoneNumber(from)?.text ?? (TwilioRoute.isSender(from) ? from : nil) else {
      throw ConfigurationError(
        "TWILIO_FROM: a number such as +14155550100, a short code, or a sender's name of up to 11 letters was expected")
    }
    return .sms(.from(sender))
  }

  private static func whatsAppRoute(
    _ environment: [String: String], hasSMS: Bool
  ) throws(ConfigurationError) -> TwilioRoute? {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let names = ["TWILIO_WHATSAPP_CONTENT_SID", "TWILIO_WHATSAPP_CODE_CONTENT_SID"]
    for name in names {
      guard let sid = setting(name) else { continue }
      guard setting("TWILIO_WHATSAPP_FROM") != nil else {
        throw ConfigurationError("\(name) is set and TWILIO_WHATSAPP_FROM is not: name the sender too, or neither")
      }
      guard TwilioAccount.isSID(sid, of: "HX") else {
        throw ConfigurationError("\(name): HX and 32 hexadecimal digits were expected, of a template that is approved")
      }
    }
    guard let text = setting("TWILIO_WHATSAPP_FROM") else { return nil }
    guard let from = PhoneNumber(text.hasPrefix("whatsapp:") ? String(text.dropFirst(9)) : text) else {
      throw ConfigurationError("TWILIO_WHATSAPP_FROM: a number such as +14155238886 was expected")
    }
    guard let template = setting(names[0]) else {
      throw ConfigurationError(
        "TWILIO_WHATSAPP_FROM is set and TWILIO_WHATSAPP_CONTENT_SID is not: a template is needed, since WhatsApp takes "
          + "no other text outside of 24 hours after the recipient's own")
    }
    guard hasSMS || setting(names[1]) != nil else {
      throw ConfigurationError(
        "TWILIO_WHATSAPP_CODE_CONTENT_SID: a template for codes was expected, or TWILIO_FROM, by which codes go as SMS")
    }
    return .whatsApp(from: from.text, template: template, codeTemplate: setting(names[1]))
  }

  private static func cap(_ text: String?) throws(ConfigurationError) -> Money {
    guard let text, let cap = Money(text.hasPrefix("$") ? text.dropFirst() : text[...]), cap > .zero,
      cap <= Money(dollars: 1_000_000), cap.microdollars != nil
    else {
      throw ConfigurationError(
        "MESSAGE_SPEND_CAP\(text.map { " " + String($0.prefix(50)).debugDescription } ?? " is not set"): what all messages "
          + "of a month may cost was expected, in dollars, such as 20 or 12.50; without it none are sent")
    }
    return cap
  }

  /// What this build knows, and over it `+91=0.0832@2026-11-01,whatsapp:+91=0.0065@2026-11-01`.
  private static func prices(_ text: String?) throws(ConfigurationError) -> MessagePrices {
    let catalogue: MessageCatalogue
    do {
      catalogue = try MessageCatalogue.bundled()
    } catch {
      throw ConfigurationError("MESSAGE_PRICES: the prices of this build can't be read: \(error)")
    }
    let asOf = catalogue.source.asOf
    let unpriced = catalogue.unpriced.map {
      MessagePrices.Price(channel: .sms, prefix: $0, perSegment: nil, asOf: asOf)
    }
    let known = catalogue.prices.compactMap { price in
      NotificationChannel(rawValue: price.channel).map {
        MessagePrices.Price(channel: $0, prefix: price.prefix, perSegment: price.perSegment, asOf: asOf)
      }
    }
    var stated: [MessagePrices.Price] = []
    for part in text?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      let word = part.drop { $0 == " " }
      guard let price = price(word), text?.utf8.count ?? 0 <= 10_000 else {
        throw ConfigurationError(
          "MESSAGE_PRICES \(String(word.prefix(50)).debugDescription): dollars of a message and when they were read were "
            + "expected, +91=0.0832@2026-11-01 or whatsapp:+91=0.0065@2026-11-01, to a millionth, with commas between")
      }
      stated.append(price)
    }
    return MessagePrices(unpriced + known + stated)
  }

  private static func price(_ text: Substring) -> MessagePrices.Price? {
    let colon = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let channel = colon.count == 2 ? NotificationChannel(rawValue: String(colon[0])) : .sms
    guard let channel, NotificationChannel.phones.contains(channel), let rest = colon.last else { return nil }
    let sides = rest.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2, let prefix = sides.first, prefix.first == "+", (2...8).contains(prefix.utf8.count),
      prefix.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }), prefix.dropFirst().first != "0"
    else { return nil }
    let value = sides[1].split(separator: "@", omittingEmptySubsequences: false)
    guard value.count == 2, let money = Money(value[0]), money > .zero, money <= Money(dollars: 10),
      money.microdollars != nil, let day = CalendarDay(iso8601: String(value[1]))
    else { return nil }
    return MessagePrices.Price(channel: channel, prefix: String(prefix), perSegment: money, asOf: day.iso8601)
  }

  private static func codesPerHour(_ text: String?) throws(ConfigurationError) -> Int {
    guard let text else { return standardCodesPerHour }
    guard let number = Int(text), (1...10_000).contains(number) else {
      throw ConfigurationError(
        "MESSAGE_CODES_PER_HOUR \(String(text.prefix(50)).debugDescription): 1 to 10000 was expected")
    }
    return number
  }

  private static func quietHours(_ text: String) throws(ConfigurationError) -> QuietHours? {
    if text == "off" { return nil }
    guard let hours = QuietHours(text) else {
      throw ConfigurationError(
        "QUIET_HOURS \(String(text.prefix(50)).debugDescription): hours in the health centre's time were expected, such "
          + "as \(standardQuietHours), or off")
    }
    return hours
  }
}

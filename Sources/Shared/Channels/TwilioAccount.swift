import Curl
import Foundation
package import Secrets

/// An account at Twilio, and by whose key it is used. Source: Twilio, "Requests to Twilio" and "API keys" (2026-11).
package struct TwilioAccount: Sendable {
  package static let standardBase = "https://api.twilio.com"

  package let sid: String
  /// Without a slash at its end.
  package let base: String
  /// Basic authentication's user and password: the account's SID and token, or an API key's.
  private let user: String
  private let password: Redacted<String>

  /// - Parameters:
  ///   - sid: `AC…`, as `isSID` takes it.
  ///   - user: nil: the account itself.
  package init(sid: String, user: String? = nil, password: Redacted<String>, base: String = standardBase) {
    self.sid = sid
    self.user = user ?? sid
    self.password = password
    self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
  }

  var authorization: String { "Basic " + Data("\(user):\(password.secret)".utf8).base64EncodedString() }

  var messagesURL: String { "\(base)/2010-04-01/Accounts/\(sid)/Messages.json" }

  /// Whether it is an identifier such as `AC0123…`: two letters that say of what, and 32 hexadecimal digits.
  package static func isSID(_ text: String, of kind: String) -> Bool {
    text.hasPrefix(kind) && text.utf8.count == 34
      && text.utf8.dropFirst(2).allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
      }
  }

  /// Whether it can be a token or a key's secret.
  package static func isSecret(_ text: String) -> Bool {
    (8...200).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  /// An https URL, or an http one of this machine, so that no token is sent in the clear.
  package static func isBase(_ text: String) -> Bool { ServiceAccount.isBase(text) }
}

/// Who a message is from, and in which form it goes.
package enum TwilioRoute: Sendable, Equatable {
  case sms(Sender)
  /// By templates that were approved: outside the 24 hours after a recipient's own message nothing else is taken (63016).
  /// - Parameters:
  ///   - from: the sender's number, `+14155238886`.
  ///   - template: `HX…`, of reminders: {{1}} is the doctor, the time and the room, {{2}} the rest.
  ///   - codeTemplate: `HX…`, of codes, which are {{1}}.
  case whatsApp(from: String, template: String, codeTemplate: String?)

  package enum Sender: Sendable, Equatable {
    /// A number, a short code, or a sender's name.
    case from(String)
    /// `MG…`
    case service(String)
  }

  /// E.164: `+`, a digit that is not 0, 6 to 14 more. Source: ITU-T E.164 §6.2.
  package static func isNumber(_ text: some StringProtocol) -> Bool {
    let digits = text.utf8.dropFirst()
    return text.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count)
      && digits.first != UInt8(ascii: "0") && digits.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// A number, a short code of 5 or 6 digits, or a name: up to 11 letters, digits and blanks, not all digits.
  /// Source: Twilio, "Alphanumeric Sender ID" (2026-11).
  package static func isSender(_ text: String) -> Bool {
    if isNumber(text) { return true }
    let isDigits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if isDigits { return (5...6).contains(text.utf8.count) }
    return (1...11).contains(text.utf8.count) && text.first != " " && text.last != " " && text.first != "+"
      && text.contains(where: \.isLetter)
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", " ", "-", "_", "+", "&": true
        default: false
        }
      }
  }
}

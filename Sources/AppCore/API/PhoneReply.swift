/// What somebody answered to a message, as far as it is about getting more of them.
enum PhoneReply: String {
  case stop, start, other

  /// - Parameters:
  ///   - text: a word by itself counts, in any case.
  ///   - optOut: Twilio's own reading, where it has one: `STOP`, `START` or `HELP`.
  /// - Source: Twilio, "Support for opt-out keywords" (default words, 2026-11), "Advanced Opt-Out" (`OptOutType`).
  init(text: String, optOut: String?) {
    switch optOut?.uppercased() {
    case "STOP": self = .stop
    case "START": self = .start
    case "HELP": self = .other
    default:
      let word = text.prefix(100).filter { $0.isLetter }.uppercased()
      let isAlone =
        text.utf8.count <= 100 && !text.contains { !$0.isLetter && !$0.isWhitespace && $0 != "." && $0 != "!" }
        && text.split(whereSeparator: \.isWhitespace).count == 1
      self =
        switch word {
        case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT": isAlone ? .stop : .other
        case "START", "UNSTOP", "YES": isAlone ? .start : .other
        default: .other
        }
    }
  }
}

/// What a code says that a carrier or WhatsApp answered long after Twilio took a message.
/// Source: Twilio, "Error and Warning Dictionary", 30003 to 30034 and 63xxx (2026-11).
enum DeliveryFailure: Equatable {
  /// The number leads nowhere, or to a landline: it is not written to again.
  case gone
  /// The operator has something to put right.
  case configuration
  /// The phone is off, the carrier busy: of this message alone.
  case passing

  init?(code: Int) {
    switch code {
    // An unknown number, a landline, no WhatsApp account, one who has answered STOP.
    case 30005, 30006, 63003, 63024, 21610, 21614: self = .gone
    // Filtered by a carrier, a sender that is not registered, an account that is suspended, no template.
    case 30002, 30007, 30024, 30032, 30034, 63016, 63027, 63032, 63112: self = .configuration
    case 30001, 30003, 30004, 30008, 30009, 30017, 30022, 63018: self = .passing
    default: return nil
    }
  }

  var meaning: String {
    switch self {
    case .gone: "the number takes no messages: its address is stopped"
    case .configuration: "the carrier or WhatsApp does not take this sender or this text: see Twilio's console"
    case .passing: "the phone could not be reached in time"
    }
  }
}

/// A text as a phone network carries it: in which alphabet, and in how many segments, each of which is paid for.
/// Source: 3GPP TS 23.038 §6.2.1 (alphabet and extension table), TS 23.040 §9.2.3.24.1 (concatenation); Twilio, "What the
/// heck is a segment?" (2026-11).
package struct SMSText: Sendable, Equatable {
  package enum Alphabet: Sendable {
    /// 7 bits a character; those of the extension table take two.
    case gsm7
    /// UTF-16: 16 bits a unit; a character beyond the first plane takes two.
    case ucs2

    /// Units of a text that is one segment.
    package var single: Int { self == .gsm7 ? 160 : 70 }
    /// Units of each segment of a longer one, besides its header.
    package var joined: Int { self == .gsm7 ? 153 : 67 }
  }

  package let text: String
  package let alphabet: Alphabet
  /// At least 1. No character's two units are parted, so that a segment may end a unit early.
  package let segments: Int

  /// - Parameter text: one character outside the GSM alphabet makes all of it UCS-2.
  package init(_ text: String) {
    self.text = text
    alphabet = text.unicodeScalars.allSatisfy { Self.septets(of: $0) != nil } ? .gsm7 : .ucs2
    segments = Self.count(text, in: alphabet)
  }

  private static func count(_ text: String, in alphabet: Alphabet) -> Int {
    let widths = text.unicodeScalars.lazy.map {
      alphabet == .gsm7 ? septets(of: $0) ?? 1 : UTF16.width($0)
    }
    guard widths.reduce(0, +) > alphabet.single else { return 1 }
    var segments = 1
    var used = 0
    for width in widths {
      if used + width > alphabet.joined {
        segments += 1
        used = 0
      }
      used += width
    }
    return segments
  }

  /// Nil outside the alphabet.
  private static func septets(of scalar: Unicode.Scalar) -> Int? {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", " ": 1
    case "^", "{", "}", "\\", "[", "~", "]", "|", "€", "\u{C}": 2
    default: others.contains(scalar) ? 1 : nil
    }
  }

  private static let others = Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà".unicodeScalars)
}

extension SMSText {
  /// `head` and `tail` in at most so many segments: of the head whole characters are left away at its end, as many as
  /// have to be, so that a name in any script stays readable.
  package static func fitted(_ head: String, _ tail: String, segments limit: Int) -> SMSText {
    let (head, tail) = (plain(head), plain(tail))
    let whole = SMSText(head + tail)
    guard whole.segments > limit else { return whole }
    let characters = Array(head)
    // What is left away may have been what was not GSM: shorter is never more segments.
    var (least, most) = (0, characters.count)
    func cut(_ count: Int) -> SMSText {
      let kept = String(characters.prefix(count))
      return SMSText(kept + "..." + tail)
    }
    guard cut(0).segments <= limit else { return cutOff(head + tail, segments: limit) }
    while most - least > 1 {
      let middle = (least + most) / 2
      if cut(middle).segments <= limit { least = middle } else { most = middle }
    }
    return cut(least)
  }

  /// As many whole scalars as fit, where nothing else does.
  private static func cutOff(_ text: String, segments limit: Int) -> SMSText {
    let scalars = Array(text.unicodeScalars.prefix(160 * limit))
    for count in stride(from: scalars.count, to: 0, by: -1) {
      var kept = ""
      kept.unicodeScalars.append(contentsOf: scalars.prefix(count))
      let text = SMSText(kept)
      if text.segments <= limit { return text }
    }
    return SMSText("")
  }

  /// Dashes, quotes and blanks of print as the GSM alphabet has them: for one of them a text would cost twice as much.
  /// Control characters are blanks, but for the line's end.
  static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": plain.unicodeScalars.append(scalar)
      case "\u{2018}", "\u{2019}", "\u{201B}", "\u{2032}", "\u{60}", "\u{B4}": plain += "'"
      case "\u{201C}", "\u{201D}", "\u{201E}", "\u{2033}", "\u{AB}", "\u{BB}": plain += "\""
      case "\u{2010}"..."\u{2015}", "\u{2212}": plain += "-"
      case "\u{2026}": plain += "..."
      case "\u{2022}", "\u{B7}": plain += "*"
      // Joiners stay: Devanagari is written with them.
      case "\u{200B}", "\u{2060}", "\u{FEFF}", "\u{AD}": continue
      case _ where scalar.properties.isWhitespace || scalar.properties.generalCategory == .control: plain += " "
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }
}

import Foundation
import Testing

@testable import Channels

struct SMSTextTests {
  @Test(
    "what a text costs",
    arguments: [
      ("", SMSText.Alphabet.gsm7, 1), (String(repeating: "a", count: 160), .gsm7, 1),
      (String(repeating: "a", count: 161), .gsm7, 2), (String(repeating: "a", count: 306), .gsm7, 2),
      (String(repeating: "a", count: 307), .gsm7, 3),
      // Of the extension table, two septets each.
      (String(repeating: "€", count: 80), .gsm7, 1), (String(repeating: "€", count: 81), .gsm7, 2),
      // 153 is odd: no escape is parted from its character, so that a segment holds 76.
      (String(repeating: "{", count: 152), .gsm7, 2), (String(repeating: "{", count: 153), .gsm7, 3),
      ("é@£¥Ω¿\n\r\u{C}", .gsm7, 1), (String(repeating: "é", count: 160), .gsm7, 1),
      ("ç", .ucs2, 1), ("ê", .ucs2, 1), ("\t", .ucs2, 1), ("`", .ucs2, 1),
      (String(repeating: "ç", count: 70), .ucs2, 1), (String(repeating: "ç", count: 71), .ucs2, 2),
      (String(repeating: "ç", count: 134), .ucs2, 2), (String(repeating: "ç", count: 135), .ucs2, 3),
      (String(repeating: "a", count: 70) + "ç", .ucs2, 2), (String(repeating: "💡", count: 35), .ucs2, 1),
      (String(repeating: "💡", count: 36), .ucs2, 2),
      // 67 is odd: no surrogate pair is parted, so that a segment holds 33.
      (String(repeating: "💡", count: 66), .ucs2, 2), (String(repeating: "💡", count: 67), .ucs2, 3),
      ("डॉ. अनिल कुमार", .ucs2, 1),
    ] as [(String, SMSText.Alphabet, Int)])
  func counts(_ text: String, _ alphabet: SMSText.Alphabet, _ segments: Int) {
    let sms = SMSText(text)
    #expect(sms.alphabet == alphabet && sms.segments == segments, "\(text.prefix(20)): \(sms.segments)")
  }

  @Test(
    "any text: units between what the segments hold at the most and at the least, and never fewer for a longer text")
  func property() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("abcXYZ019 €{}|éΩç–💡डॉ\u{301}\n")
    for _ in 0..<2_000 {
      let text = String(
        (0..<Int.random(in: 0...400, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
      let sms = SMSText(text)
      let units =
        sms.alphabet == .ucs2
        ? text.utf16.count : text.unicodeScalars.reduce(0) { $0 + ("€{}|".unicodeScalars.contains($1) ? 2 : 1) }
      if units <= sms.alphabet.single {
        #expect(sms.segments == 1)
      } else {
        #expect(units <= sms.segments * sms.alphabet.joined, "\(text)")
        #expect(units > (sms.segments - 1) * (sms.alphabet.joined - 1), "\(text)")
      }
      #expect(SMSText(text + "a").segments >= sms.segments && SMSText(text + "ç").segments >= sms.segments)
      let fitted = SMSText.fitted(text, "\nStarts in 45 minutes", segments: 2)
      #expect(fitted.segments <= 2 && fitted.text.hasSuffix("\nStarts in 45 minutes"), "\(text)")
      #expect(SMSText(fitted.text) == fitted)
    }
  }

  @Test("a long name in Devanagari is cut between characters, the rest stays whole; a hostile one leaves room for it")
  func fits() {
    let name = String(repeating: "क्षेत्रीय ", count: 30)
    let fitted = SMSText.fitted(name, "\nStarts in 45 minutes: 09:30 to 12:30", segments: 2)
    #expect(fitted.alphabet == .ucs2 && fitted.segments == 2 && fitted.text.utf16.count > 120)
    let head = fitted.text.components(separatedBy: "...").first ?? ""
    #expect(name.hasPrefix(head) && Array(name).starts(with: Array(head)) && !head.isEmpty)
    #expect(fitted.text.hasSuffix("...\nStarts in 45 minutes: 09:30 to 12:30"))
    // One character of ten thousand marks.
    let marks = SMSText.fitted("a" + String(repeating: "\u{301}", count: 10_000), "\ntail", segments: 2)
    #expect(marks.text == "...\ntail" && marks.alphabet == .gsm7)
    #expect(SMSText.fitted("", String(repeating: "ç", count: 5_000), segments: 2).segments == 2)
  }

  @Test("typographic marks don't make a text twice as dear")
  func plain() {
    let fitted = SMSText.fitted("Dr. O’Brien – “ENT”…\u{A0}room\t4", "", segments: 2)
    #expect(fitted.text == "Dr. O'Brien - \"ENT\"... room 4" && fitted.alphabet == .gsm7)
    #expect(SMSText.plain("a\u{0}b\r\nc\u{200B}d\u{200D}") == "a b \ncd\u{200D}")
  }
}

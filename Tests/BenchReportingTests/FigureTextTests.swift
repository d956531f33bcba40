import Evidence
import Testing
import Wording

@testable import BenchReporting

@Suite struct FigureTextTests {
  @Test(
    "counts have thousands separators",
    arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] as [(UInt64, String)])
  func counts(value: UInt64, text: String) { #expect(FigureText.count(value) == text) }

  @Test(
    "rates lose decimals as they grow",
    arguments: [(0, "0.00"), (0.456, "0.46"), (9.996, "10.00"), (12.34, "12.3"), (1_234.5, "1,235")]
      as [(Double, String)])
  func rates(value: Double, text: String) { #expect(FigureText.rate(value) == text) }

  @Test(
    "shares never round to a nought that isn't one",
    arguments: [(0, "0 %"), (0.00001, "< 0.01 %"), (0.0012, "0.12 %"), (0.047, "4.7 %"), (0.01, "1 %"), (1, "100 %")]
      as [(Double, String)])
  func percents(value: Double, text: String) { #expect(FigureText.percent(value) == text) }

  @Test(
    "quantities carry their unit",
    arguments: [
      (Quantity(512, .milliseconds), "512 ms"), (Quantity(0, .milliseconds), "0 s"),
      (Quantity(1_190, .milliseconds), "1.19 s"),
      (Quantity(0.5, .ratio), "50 %"), (Quantity(401.9, .perSecond), "401.9/s"), (Quantity(3, .count), "3"),
    ])
  func quantities(value: Quantity, text: String) { #expect(FigureText.quantity(value) == text) }

  @Test(
    "users and passwords are left out of URLs",
    arguments: [
      ("http://a:b@h/p", "http://h/p"), ("http://h/p?x=a@b", "http://h/p?x=a@b"), ("http://u@h", "http://h"),
      ("https://a:p@ss@h:1/", "https://h:1/"), ("h:80", "h:80"),
    ])
  func userInfo(url: String, expected: String) { #expect(DisplayText.withoutUserInfo(url) == expected) }

  @Test(
    "text from outside is one line without escape sequences",
    arguments: [
      ("a\r\nb\tc", "a b c"), ("\u{1B}[2Jx", " [2Jx"), ("abcdefghijk", "abcdefghi…"), ("abcdefghij", "abcdefghij"),
      ("\u{202E} x", " x"), ("é डॉ", "é डॉ"),
    ])
  func line(text: String, expected: String) { #expect(DisplayText.line(text, limit: 10) == expected) }
}

import Testing

@testable import BenchEngine

struct BoundedRegexTests {
  private func match(_ pattern: String, _ text: String) throws -> String? {
    let regex = try BoundedRegex(pattern)
    return Array(text.utf8).withUnsafeBufferPointer { bytes in
      regex.firstMatch(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  @Test(
    "a match is the leftmost, greedy unless lazy, and its first group",
    arguments: [
      ("b+", "abbbc", "bbb"), ("a.c", "xabc", "abc"), ("id=([0-9]+)", "a id=42;id=7", "42"), ("a|ab", "ab", "a"),
      ("<(.+?)>", "<a><b>", "a"), ("<(.+)>", "<a><b>", "a><b"), ("^$", "", ""), ("^b", "ab", nil), ("b$", "ab", "b"),
      ("[^a-c]+", "abcxyz", "xyz"), ("\\d{2,3}", "1 1234", "123"), ("\\d{2}", "1234", "12"), ("x{0}y", "xy", "y"),
      ("(?:ab)+", "ababx", "abab"), ("(a(b))c", "abc", "ab"), ("\\w+@\\w+\\.de", "mail to a@b.de", "a@b.de"),
      ("[]x]", "]", "]"), ("[a\\]]+", "a]", "a]"), ("\\.\\\\", "a.\\", ".\\"),
      ("(x)?y", "y", ""), ("a{2,}", "aaaa", "aaaa"), ("\\S+", "  ab ", "ab"), ("a.c", "a\nc", nil),
      ("[\\d-]+", "1-2", "1-2"), ("$", "abc", ""), ("$(x)?$$", "i", ""), ("$|z", "az", "z"),
    ] as [(String, String, String?)])
  func matches(pattern: String, text: String, expected: String?) throws {
    #expect(try match(pattern, text) == expected)
  }

  @Test("what would hang a backtracking engine takes time in proportion to the text")
  func bounded() throws {
    let text = String(repeating: "a", count: 20_000)
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try match("(a*)*b", text) == nil)
    #expect(try match("(a|a|aa)+$", text + "c") == nil)
    // Backtracking would take 2^20,000 steps.
    #expect(clock.now - start < .seconds(20))
  }

  @Test(
    "a pattern that makes no sense is refused with its place",
    arguments: [
      ("a(b", 3), ("a)", 1), ("*a", 0), ("[a", 2), ("a{3,2}", 6), ("\\1", 1), ("(?=a)", 2), ("a**", 2), ("[b-a]", 4),
      ("(a{1000}){1000}", 15), ("\\", 1),
    ])
  func refused(pattern: String, offset: Int) {
    #expect { try BoundedRegex(pattern) } throws: { ($0 as? RegexError)?.offset == offset }
  }
}

import Testing

@testable import Matching

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

  @Test("hundreds of alternatives are one pattern", arguments: [2, 50, 51, 300, 700])
  func alternatives(count: Int) throws {
    let words = (0..<count).map { "w\($0)x" }
    let pattern = words.joined(separator: "|")
    for word in [words[0], words[count / 2], words[count - 1]] {
      #expect(try match(pattern, "a \(word)!") == word)
      #expect(try match("<(\(pattern))>", "<\(word)>") == word)
    }
    #expect(try match("^(?:\(pattern))$", "w\(count)x") == nil)
    // The first that matches is preferred, not the longest.
    #expect(try match("a|ab|\(pattern)", "ab") == "a")
    #expect(try match("|\(pattern)", "w0x") == "")
  }

  @Test("more than a pattern may hold is refused, where it is too much")
  func tooLarge() {
    let pattern = Array(repeating: "alternative", count: 1_000).joined(separator: "|")
    #expect(throws: RegexError.self) { try BoundedRegex(pattern) }
    #expect(throws: RegexError.self) { try BoundedRegex("(?:" + pattern + ")") }
  }

  /// Patterns that made services hang, or are the schoolbook's: OWASP's "ReDoS" page, Stack Overflow's outage of 2016
  /// (trailing blanks) and Cloudflare's of 2019 (`.*.*=.*`), e-mail and URL validators of CVE reports.
  static let hostile: [(pattern: String, text: @Sendable (Int) -> String)] = [
    ("(a+)+$", { String(repeating: "a", count: $0) + "!" }),
    ("^([a-zA-Z]+)*$", { String(repeating: "a", count: $0) + "!" }),
    ("(a|aa)+$", { String(repeating: "a", count: $0) + "!" }),
    ("^(a|a?)+$", { String(repeating: "a", count: $0) + "!" }),
    ("(.*a){12}$", { String(repeating: "a", count: $0) + "!" }),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", { String(repeating: "a", count: $0) }),
    ("[ \\t]+$", { String(repeating: " ", count: $0) + "x" }),
    (".*.*=.*;", { "x=" + String(repeating: "x", count: $0) }),
    (
      "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)([a-z0-9]+\\.)+[a-z]{2,3}$",
      { String(repeating: "a", count: $0) + "!" }
    ),
    ("(x+x+)+y", { String(repeating: "x", count: $0) }),
    ("^(\\d+)*\\.(\\d+)*$", { String(repeating: "1", count: $0) }),
    ("(?:(?:a*)*)*b", { String(repeating: "a", count: $0) }),
  ]

  @Test("patterns that hang others take steps in proportion to the text", arguments: hostile.indices)
  func steps(index: Int) throws {
    let (pattern, text) = Self.hostile[index]
    let regex = try BoundedRegex(pattern)
    func steps(_ count: Int) -> Int {
      var steps = 0
      let isFound =
        Array(text(count).utf8).withUnsafeBufferPointer { regex.firstMatch(in: $0, counting: &steps) } != nil
      #expect(!isFound)
      return steps
    }
    let (one, two, four) = (steps(500), steps(1_000), steps(2_000))
    #expect(one > 500 && four <= (2_000 + 2) * regex.program.count)
    // Twice the text is twice the steps, to the last of them: the rest is what begins and ends.
    #expect(abs((four - two) - 2 * (two - one)) <= 4 * regex.program.count, "\(one) \(two) \(four)")
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

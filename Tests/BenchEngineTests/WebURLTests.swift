import Testing

@testable import BenchEngine

struct WebURLTests {
  private func resolve(_ reference: [UInt8], from base: (String, String, String)) throws -> String {
    let url = try WebURL(scheme: base.0, authority: base.1.utf8, target: base.2.utf8).resolving(reference)
    let port = url.port == (url.scheme == "https" ? 443 : 80) ? "" : ":\(url.port)"
    return "\(url.scheme)://\(url.host)\(port)\(String(decoding: url.target, as: UTF8.self))"
  }

  /// RFC 3986 §5.4.1 and §5.4.2, without the fragments, which are never sent. `http:g` is relative, as §5.2.2 allows
  /// and browsers have it.
  static let examples: [(String, String)] = [
    ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
    ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"),
    ("g#s", "http://a/b/c/g"), ("g?y#s", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
    ("g;x?y#s", "http://a/b/c/g;x?y"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
    ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
    ("../../", "http://a/"), ("../../g", "http://a/g"),
    ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
    ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
    ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
    ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
    ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/./x", "http://a/b/c/g"),
    ("g#s/../x", "http://a/b/c/g"), ("http:g", "http://a/b/c/g"),
  ]

  @Test("references mean what RFC 3986 says that they mean", arguments: examples)
  func standard(reference: String, expected: String) throws {
    #expect(try resolve(Array(reference.utf8), from: ("http", "a", "/b/c/d;p?q")) == expected)
  }

  @Test(
    "and what browsers make of the rest",
    arguments: [
      ("\\g", "http://a/g"), ("\\\\g/x", "http://g/x"), ("/\\g", "http://g/"), ("..\\g", "http://a/b/g"),
      ("g?a\\b", "http://a/b/c/g?a\\b"), ("///g/x", "http://g/x"), ("http:/g", "http://a/g"),
      ("http:\\\\a\\g", "http://a/g"), ("HTTP://A/g", "http://a/g"), ("http://a:80/g", "http://a/g"),
      ("http://a:/g", "http://a/g"), ("http://a:0080/g", "http://a/g"), ("http://a:81", "http://a:81/"),
      ("https://a", "https://a/"), ("https:a/g", "https://a/g"), ("https://a:443?x", "https://a/?x"),
      (" g\t", "http://a/b/c/g"), ("/a\tb", "http://a/ab"), ("/a b", "http://a/a%20b"),
      ("/ä?ö", "http://a/%C3%A4?%C3%B6"),
      ("/a%2fb%zz", "http://a/a%2fb%zz"), ("/%2e%2E/x/.%2e/y/%2e", "http://a/y/"),
      ("/a?b c\"'<>", "http://a/a?b%20c%22%27%3C%3E"),
      ("/{a}|^`", "http://a/%7Ba%7D|%5E%60"), ("/a?{b}", "http://a/a?{b}"), ("/a//b/..", "http://a/a//"),
      ("//%41/g", "http://a/g"), ("//[0:0::1]:8/g", "http://[::1]:8/g"), ("//0x7f.1/", "http://127.0.0.1/"),
      ("//127.1?a", "http://127.0.0.1/?a"), ("?", "http://a/b/c/d;p?"), ("/a:b@c", "http://a/a:b@c"),
    ])
  func browsers(reference: String, expected: String) throws {
    #expect(try resolve(Array(reference.utf8), from: ("http", "a", "/b/c/d;p?q")) == expected)
  }

  @Test("bytes that are no UTF-8 are encoded as they are")
  func bytes() throws {
    #expect(try resolve([0x2F, 0xE4, 0xFF], from: ("http", "a", "/")) == "http://a/%E4%FF")
  }

  @Test(
    "what is no place to go is none",
    arguments: [
      "g:h", "mailto:a@b", "javascript:alert(1)", "ftp://a/", "http://", "//", "http://u@a/", "http://u:p@a/",
      "//a:x/", "//a:65536/", "//a:-1/", "//[::1/", "//[::1]x/", "//[a]/", "//a b/", "//ä/", "//a%00/", "//1.2.3.4.5/",
      "//a|b/", "//256.256.256.256/",
    ])
  func nowhere(reference: String) {
    #expect(throws: WebURLDefect.self) {
      try WebURL(scheme: "http", authority: "a".utf8, target: "/".utf8).resolving(Array(reference.utf8))
    }
  }

  @Test("an origin is scheme, host and port, however they are written")
  func origins() throws {
    for (scheme, host, reference, isSame) in [
      ("http", "h:8080", "//H:8080/", true), ("http", "h", "http://h:80/", true), ("https", "h", "//h:443", true),
      ("https", "h", "http://h:443/", false), ("http", "h:8080", "//h/", false), ("http", "h", "//h./", false),
      ("http", "[::1]:80", "http://[0::1]/", true), ("http", "127.0.0.1", "//0x7f000001/", true),
    ] as [(String, String, String, Bool)] {
      let base = try WebURL(scheme: scheme, authority: host.utf8, target: "/".utf8)
      #expect(try base.resolving(Array(reference.utf8)).hasSameOrigin(as: base) == isSame, "\(host) \(reference)")
    }
  }
}

import Curl
import Testing

struct CurlURLTests {
  @Test(
    "links resolve as in a browser",
    arguments: [
      ("https://a.b/c/d?e=1", "/x?y=2", "https://a.b/x?y=2"), ("https://a.b/c/d", "x", "https://a.b/c/x"),
      ("https://a.b/c/d", "//h.i/j", "https://h.i/j"), ("https://a.b/c", "http://q.r/s", "http://q.r/s"),
    ])
  func resolves(base: String, reference: String, expected: String) throws {
    guard let url = CurlURL(base), let resolved = url.resolving(reference) else {
      Issue.record("not resolved")
      return
    }
    #expect(resolved.text == expected)
  }

  @Test(
    "loopback is what the machine itself is",
    arguments: [
      ("http://127.0.0.1:80/", true), ("http://localhost/", true), ("http://[::1]:9/", true),
      ("http://127.8.9.1/", true),
      ("http://127.0.0.1.evil.org/", false), ("http://128.0.0.1/", false), ("http://localhost.evil.org/", false),
    ])
  func loopback(text: String, expected: Bool) {
    guard let url = CurlURL(text) else {
      Issue.record("no URL")
      return
    }
    #expect(url.isLoopback == expected)
  }

  @Test("messages show neither query nor credentials")
  func redacted() {
    #expect(CurlURL.redacted("https://user:pass@a.b/c?token=1#x") == "https://a.b/c")
    #expect(CurlURL.redacted("not a url?token=1") == "'not a url'")
  }
}

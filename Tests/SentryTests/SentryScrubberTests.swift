import Glibc
import Logging
import Testing

@testable import Sentry

struct SentryScrubberTests {
  private let scrubber = SentryScrubber(known: ["correct-horse", "short"])

  @Test(
    "secrets and addresses are taken out of texts",
    arguments: [
      ("postgres://u:secret@db.example/app failed", "postgres://[filtered]@db.example/app failed"),
      ("https://u@h/x?token=s3cr3t&day=1", "https://[filtered]@h/x?token=[filtered]&day=1"),
      ("mail to alice.b+x@mail.example.org.", "mail to [email]."), ("<a@b.example>, c@d", "<[email]>, [email]"),
      ("/leave?to=alice%40example.org&d=1", "/leave?to=[email]&d=1"), ("100%40 of it", "100%40 of it"),
      ("/o?X-Amz-Signature=abcdef&d=1", "/o?X-Amz-Signature=[filtered]&d=1"), ("Bearer abcdefgh", "Bearer [filtered]"),
      ("müller@exämple.de", "[email]"),
      ("10.0.0.1:8080 and 192.0.2.255.", "[ip]:8080 and [ip]."), ("peer:10.1.2.3", "peer:[ip]"),
      ("from 2001:db8::1, [fe80::1%eth0]:443 ::ffff:10.0.0.1", "from [ip], [[ip]%eth0]:443 [ip]"),
      ("call +91 98765-43210 now", "call [phone] now"),
      ("password=hunter2, port=1", "password=[filtered], port=1"),
      ("{\"token\": \"a b\"}", "{\"token\": \"[filtered]\"}"),
      ("Authorization: Basic dXNlcjpwYXNz\nHost: h", "Authorization: [filtered]\nHost: h"),
      ("authorization=Bearer abc path=/x", "authorization=[filtered]"),
      ("Cookie: a=b; c=d", "Cookie: [filtered]"), ("got Bearer abcdef0123 there", "got Bearer [filtered] there"),
      ("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc y", "x [filtered] y"),
      ("ghp_0123456789abcdefghij", "[filtered]"), ("it is correct-horse!", "it is [filtered]!"),
      ("-----BEGIN RSA PRIVATE KEY-----\nabc", "[filtered]"),
      // None of it.
      ("10:00:00 on 2026-11-29T10:00:00+05:30", "10:00:00 on 2026-11-29T10:00:00+05:30"),
      ("outgrown@0.1.0, 1.2.3, 256.1.1.1", "outgrown@0.1.0, 1.2.3, 256.1.1.1"),
      ("Foo::bar a short day", "Foo::bar a short day"), ("basic authentication failed", "basic authentication failed"),
      ("@MainActor 😀 \u{0} é", "@MainActor 😀 \u{0} é"), ("", ""), ("token expired", "token expired"),
    ])
  func texts(text: String, expected: String) { #expect(scrubber.text(text) == expected) }

  @Test(
    "values whose name is a secret's are hidden whole",
    arguments: ["password", "client_secret", "token", "authorization", "Cookie", "SENTRY_DSN", "dsn", "api_key", "key"])
  func names(name: String) {
    #expect(scrubber.value("anything", of: name) == "[filtered]")
    #expect(scrubber.text(.dictionary(["x": "y"]), of: name) == "[filtered]")
    #expect(scrubber.text(.dictionary(["a": ["b", ["c": "d"]], name: "abc"]), of: "headers").contains("abc") == false)
  }

  @Test("harmless names keep their values but for what they hold")
  func harmless() {
    #expect(scrubber.value("/v1/x", of: "path") == "/v1/x")
    #expect(scrubber.value("a@b.example", of: "user") == "[email]")
    #expect(scrubber.text(.array(["10.0.0.1", "b"]), of: "peers") == "[[ip], b]")
  }

  @Test("long hostile texts take no longer than their length")
  func long() {
    // By this thread's own time: what else the machine does is not the texts' fault.
    let start = Self.processorSeconds
    for piece in ["a.", ":", "1.", "+", "a@", "://", "key=", "é", "eyJ.", "a:b "] {
      _ = scrubber.text(String(repeating: piece, count: 2_048 / piece.utf8.count))
    }
    #expect(Self.processorSeconds - start < 5)
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

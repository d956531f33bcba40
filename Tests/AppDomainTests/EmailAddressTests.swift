import Testing

@testable import AppDomain

struct EmailAddressTests {
  @Test(
    "addresses that can be written to are kept in lower case",
    arguments: [
      ("a@example.org", "a@example.org"), (" Anita.Sharma+health@IITJ.AC.IN\n", "anita.sharma+health@iitj.ac.in"),
      ("o'neil@x-y.example", "o'neil@x-y.example"), ("1@1.co", "1@1.co"), ("a@sub.sub.example", "a@sub.sub.example"),
      ("_%{|}~@example.org", "_%{|}~@example.org"),
    ])
  func good(text: String, kept: String) {
    #expect(EmailAddress(text)?.text == kept)
    #expect(EmailAddress(kept)?.text == kept)
  }

  @Test(
    "all else is none",
    arguments: [
      "", "a", "@", "a@", "@b.c", "a@b", "a@b@c.d", "a b@c.d", "a@b .c", "a..b@c.d", ".a@c.d", "a.@c.d", "a@-b.c",
      "a@b-.c",
      "a@b..c", "a@.b.c", "a@b.c.", "a@10.0.0.1", "a@[10.0.0.1]", "\"a b\"@c.d", "a@c.d\r\nBcc: x@y.z", "a\n@c.d",
      "a@c.d\0", "a\0b@c.d", "<a@c.d>", "A <a@c.d>", "a@c.d,x@y.z", "a@c.d;x@y.z", "ä@c.d", "a@ö.de", "a(x)@c.d",
      "a\\@c.d", "a@c_d.e", "a@c\u{2028}.d", "a\u{200B}@c.d", "mailto:a@c.d", "a@c.d?subject=x", "a%0d@c.d%0aBcc:x@y.z",
      String(repeating: "a", count: 65) + "@b.c", "a@" + String(repeating: "b", count: 64) + ".c",
      "a@" + String(repeating: "b.", count: 130) + "cc", String(repeating: " ", count: 2_000) + "a@b.c",
    ])
  func bad(text: String) { #expect(EmailAddress(text) == nil) }
}

import Testing
import Wording

@Test(
  "what is not unreserved is encoded byte by byte, but what is to stay",
  arguments: [
    ("a b/c", "", "a%20b%2Fc"), ("a b/c", "/", "a%20b/c"), ("é", "", "%C3%A9"), ("é", "é", "%C3%A9"),
    ("-._~09AZ", "", "-._~09AZ"),
    ("\n\"$", "", "%0A%22%24"), ("", "", ""),
  ])
func percentEncoding(text: String, kept: String, encoded: String) {
  #expect(PercentEncoding.encoded(text, keeping: kept) == encoded)
}

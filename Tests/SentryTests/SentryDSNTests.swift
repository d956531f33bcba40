import Testing

@testable import Sentry

struct SentryDSNTests {
  @Test(
    "a DSN says where envelopes go, with a port and a path or without",
    arguments: [
      ("https://abc123@o1.ingest.sentry.io/42", "https://o1.ingest.sentry.io/api/42/envelope/"),
      (
        "https://abc@sentry.example.org:9000/inner/path/7/",
        "https://sentry.example.org:9000/inner/path/api/7/envelope/"
      ),
      ("https://abc:def@sentry.io/1", "https://sentry.io/api/1/envelope/"),
      ("http://abc@127.0.0.1:8000/1", "http://127.0.0.1:8000/api/1/envelope/"),
      ("http://abc@localhost/1", "http://localhost/api/1/envelope/"),
      ("https://abc@[2001:db8::1]:443/1", "https://[2001:db8::1]:443/api/1/envelope/"),
    ])
  func target(text: String, url: String) throws {
    let dsn = try SentryDSN(text)
    #expect(dsn.envelopeURL == url)
    #expect(!"\(dsn)\(String(reflecting: dsn))".contains("abc"))
  }

  @Test("the second key of old projects is sent along, and stays out of the envelope")
  func secret() throws {
    let dsn = try SentryDSN("https://abc:def@sentry.io/p/1")
    #expect(
      dsn.authorization(client: "c/1")
        == "Sentry sentry_version=7, sentry_client=c/1, sentry_key=abc, sentry_secret=def")
    #expect(dsn.full == "https://abc@sentry.io/p/1")
    #expect(
      try SentryDSN("https://abc@sentry.io/1").authorization(client: "c/1")
        == "Sentry sentry_version=7, sentry_client=c/1, sentry_key=abc")
  }

  @Test(
    "what is no DSN is refused, and the key is not repeated",
    arguments: [
      "", "opensesame", "opensesame@sentry.io/1", "ftp://opensesame@sentry.io/1", "http://opensesame@sentry.io/1",
      "https://sentry.io/1?k=opensesame", "https://opensesame@sentry.io", "https://opensesame@sentry.io/",
      "https://opensesame@sentry.io/a b", "https://opensesame@sentry.io//1", "https://opensesame@/1",
      "https://open%0Asesame@sentry.io/1", "https://opensesame:%22@sentry.io/1", "https://opensesame@sentry.io/1#x",
    ])
  func refused(text: String) {
    let error = #expect(throws: SentryDSN.Refusal.self) { try SentryDSN(text) }
    #expect(error?.description.contains("https://PUBLICKEY@HOST/PROJECTID was expected") == true)
    #expect(error?.description.contains("opensesame") == false)
  }
}

import Secrets
import Testing

struct SecretNamesTests {
  @Test(
    "a name is a secret's by its words, not by letters within them",
    arguments: [
      ("SMTP_PASS", true), ("apiKey", true), ("X-Api-Key", true), ("dbpassword", true), ("client_secret", true),
      ("MONKEY", false), ("VAPID_PUBLIC_KEY", false), ("TOKEN_EXPIRE_MINUTES", false), ("COMPASS", false), ("", false),
      ("keyboard", false), ("PASSWORD_RESET", false), ("secret.key", true),
    ])
  func names(name: String, isSecret: Bool) {
    #expect(SecretNames.isSecret(name) == isSecret)
  }

  @Test(
    "a value is a secret by its form, whatever it is called",
    arguments: [
      ("postgres://user:word@host/db", true), ("postgres://user@host/db", false), ("http://host/a:b@c", false),
      ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", true), ("eyJ.eyJ", false), ("sk_test_0123456789abcdef", true),
      ("sk_test_", false), ("-----BEGIN PUBLIC KEY-----", false), ("-----BEGIN PRIVATE KEY-----", true),
      ("user:@host", false), ("https://user:@host", false),
    ])
  func values(value: String, isSecret: Bool) {
    #expect(SecretNames.isSecret(value: value) == isSecret)
    #expect(SecretNames.isSecret("GREETING", value: value) == isSecret)
  }

  @Test("a switch is none, whatever it is called")
  func switches() {
    #expect(!SecretNames.isSecret("USE_TOKEN", value: "True"))
    #expect(SecretNames.isSecret("USE_TOKEN", value: "1"))
  }

  @Test(
    "a header is its sender's credential by name, value or scheme",
    arguments: [
      ("Authorization", "x", true), ("X-Auth", "x", true), ("Cookie", "a=b", true), ("X-Trace", "Bearer abc", true),
      ("Accept", "application/json", false), ("X-Author", "me", false),
    ])
  func headers(name: String, value: String, isCredential: Bool) {
    #expect(SecretNames.isCredential(header: name, value: value) == isCredential)
  }

  @Test(
    "a parameter that is called a key is one where it looks like a service's",
    arguments: [
      ("key", "17", false), ("key", "AbcDef0123456789x", true), ("sig", "x", true), ("token", "", false),
      ("token", "x", true), ("page_token", "x", false), ("q", "word", false),
    ])
  func parameters(name: String, value: String, isCredential: Bool) {
    #expect(SecretNames.isCredential(parameter: name, value: value) == isCredential)
  }

  @Test("a secret prints as dots, by itself and within what holds it")
  func redacted() {
    struct Holder { var password = Redacted("tiger") }
    #expect("\(Redacted("tiger"))" == "•••")
    #expect(!"\(Holder())".contains("tiger"))
    #expect(!String(reflecting: Holder()).contains("tiger"))
    #expect(Redacted("tiger").secret == "tiger")
  }
}

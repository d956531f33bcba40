import Curl
import Testing

@testable import Channels

struct PushEndpointRuleTests {
  @Test(
    "the browsers' services are known, each by its origin",
    arguments: [
      ("https://fcm.googleapis.com/fcm/send/abc:def", "https://fcm.googleapis.com"),
      ("https://FCM.googleapis.com:443/x", "https://fcm.googleapis.com"),
      ("https://updates.push.services.mozilla.com/wpush/v2/x", "https://updates.push.services.mozilla.com"),
      ("https://wns2-par02p.notify.windows.com/w/?token=x", "https://wns2-par02p.notify.windows.com"),
      ("https://web.push.apple.com/Q", "https://web.push.apple.com"),
    ])
  func known(endpoint: String, origin: String) throws {
    let target = try PushEndpointRule().target(of: endpoint)
    #expect(target == PushEndpointRule.Target(origin: origin, addresses: .publicOnly))
  }

  @Test(
    "anything else is refused before a connection, without a word of its path",
    arguments: [
      "https://169.254.169.254/secret", "https://127.0.0.1/secret", "https://localhost/secret", "https://[::1]/secret",
      "https://[::ffff:127.0.0.1]/secret", "https://[::ffff:a9fe:a9fe]/secret", "https://2852039166/secret",
      "https://0x7f.1/secret", "https://10.0.0.1/secret", "http://fcm.googleapis.com/secret",
      "https://fcm.googleapis.com:8443/secret", "https://u:p@fcm.googleapis.com/secret",
      "https://fcm.googleapis.com@169.254.169.254/secret", "https://fcm.googleapis.com.evil.example/secret",
      "https://evilfcm.googleapis.com/secret", "https://push.apple.com/secret", "https://xpush.apple.com/secret",
      "https://fcm.googleapis.com./secret", "https://fcm.googleapis.com\\@169.254.169.254/secret",
      "https://fcm.googleapis.com/secret#x", "https://fcm.googleapis.com/secret\r\nHost: x",
      "ftp://fcm.googleapis.com/",
      "file:///etc/secret", "gopher://127.0.0.1/secret", "//fcm.googleapis.com/secret", "secret", "",
      "https://fcm.googleapis.com%2f@169.254.169.254/secret", "https://ⓕcm.googleapis.com/secret",
    ])
  func refused(endpoint: String) {
    let error = #expect(throws: PushEndpointRule.Refusal.self) { try PushEndpointRule().target(of: endpoint) }
    #expect(error?.description.contains("secret") == false)
  }

  @Test("this machine only where that is allowed, and then nothing else without a name on the list")
  func loopback() throws {
    let rule = PushEndpointRule(allowsLoopback: true)
    for (endpoint, origin) in [
      ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080"), ("https://localhost:1/x", "https://localhost:1"),
      ("http://[::1]:9/x", "http://[::1]:9"),
    ] {
      #expect(
        try rule.target(of: endpoint) == PushEndpointRule.Target(origin: origin, addresses: .loopbackOnly))
    }
    for endpoint in ["http://169.254.169.254/x", "https://10.0.0.1/x", "http://[::ffff:10.0.0.1]/x"] {
      #expect(throws: PushEndpointRule.Refusal.self) { try rule.target(of: endpoint) }
    }
  }

  @Test(
    "a subject is somebody whom the public internet knows, since Apple refuses all others",
    arguments: [
      ("mailto:doctors@example.org", true), ("https://doctors.example.org/contact", true), ("", false),
      ("doctors@example.org", false), ("mailto:", false), ("mailto:a@localhost", false),
      ("mailto: a@example.org", false), ("mailto:a@host.local", false), ("https://localhost", false),
      ("https://localhost:8000/", false), ("http://example.org", false), ("https://u:p@example.org", false),
      ("mailto:a@b.invalid", false), ("https://doctors.example", false), ("mailto:a@example.org\r\nX: y", false),
    ])
  func subjects(text: String, isTaken: Bool) throws {
    let key = try VAPIDIdentity.key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    #expect(((try? VAPIDIdentity(key: key, subject: text)) != nil) == isTaken)
  }
}

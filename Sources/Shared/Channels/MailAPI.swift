import Curl
package import Secrets

/// Where mail is handed over by HTTPS, and by whose key.
package struct MailAPI: Sendable {
  /// `https://host/path`.
  package let url: String
  let key: Redacted<String>

  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// - Parameters:
  ///   - url: `https://api.mail.example/emails`; `http://` for this machine only, so that a key is never sent in the clear.
  ///   - key: 8 to 500 ASCII characters without blanks.
  /// - Throws: `Refusal`, which repeats neither.
  package init(url text: String, key: Redacted<String>) throws(Refusal) {
    guard let parsed = CurlURL(text), !parsed.host.isEmpty, parsed.user == nil, parsed.password == nil,
      parsed.query == nil, parsed.fragment == nil, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      parsed.scheme == "https" || (parsed.scheme == "http" && parsed.isLoopback)
    else {
      throw Refusal(
        description:
          "https://api.mail.example/emails was expected, without user, password and query; http:// for this machine only"
      )
    }
    self.url = text
    self.key = key
  }

  /// Whether it can be a key: what can stand in a header.
  package static func isKey(_ text: String) -> Bool {
    (8...500).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }
}

import Curl
package import Secrets

/// Where mail is handed over, and how.
package struct SMTPServer: Sendable {
  package enum Encryption: Sendable, Equatable {
    /// STARTTLS, or TLS from the start (`smtps://`), with a certificate that is trusted.
    case required
    case none
  }

  /// `smtp://host:port` or `smtps://host:port`, without user and password.
  package let url: String
  package let host: String
  package let user: String?
  package let password: Redacted<String>?
  package let encryption: Encryption
  /// PEM file of the authorities to trust instead of the system's.
  package let authorityFile: String?

  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// Reads `smtp://user:password@host:587` or `smtps://user:password@host:465`; characters that a URL does not hold as
  /// `%XX`. Without a port it is 587 or 465.
  /// - Throws: `Refusal`, which never repeats the URL: it may hold a password.
  package init(url text: String, encryption: Encryption = .required, authorityFile: String? = nil) throws(Refusal) {
    guard let parsed = CurlURL(text), ["smtp", "smtps"].contains(parsed.scheme), !parsed.host.isEmpty,
      parsed.path == "/" || parsed.path.isEmpty, parsed.query == nil
    else {
      throw Refusal(
        description:
          "smtp://user:password@host:587 or smtps://… was expected, special characters as %XX, nothing behind "
          + "the port")
    }
    guard !(encryption == .none && parsed.scheme == "smtps") else {
      throw Refusal(description: "smtps:// is encrypted; use smtp:// for a server without encryption")
    }
    guard !(encryption == .none && parsed.user != nil && !parsed.isLoopback) else {
      throw Refusal(description: "a password is never sent unencrypted to another machine")
    }
    url = "\(parsed.scheme)://\(parsed.host):\(parsed.port ?? (parsed.scheme == "smtps" ? 465 : 587))"
    host = parsed.host
    user = parsed.user
    password = parsed.password.map { Redacted($0) }
    self.encryption = encryption
    self.authorityFile = authorityFile
  }
}

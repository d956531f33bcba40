package import Terminal

/// Why a transfer has no response. Statuses are responses, not errors.
package struct CurlError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    /// The address is one that the request must not connect to.
    case addressRefused
    case resolve, connect, tls, timeout, tooLarge, redirectLimit, `protocol`, cancelled
    /// The peer ended or broke the connection before the response was complete.
    case reset
    /// A mail server refused the user or the password.
    case login
    /// A mail server refused the sender, the recipient or the message: `reply` says how.
    case refused
    case other
  }

  package var code: Code
  /// What was wrong, at which URL (without its query and credentials), what to do.
  package var message: String
  /// The last code that the server answered, where it answered any: an HTTP status, an SMTP reply.
  package var reply: Int?
  /// What a mail server's reply said beside its code, where it says more: `5.1.1`. Source: RFC 3463, RFC 2034.
  package var enhancedStatus: String?

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Whether the same request may well succeed a moment later.
  package var isTransient: Bool {
    switch code {
    case .resolve, .connect, .timeout, .reset: true
    case .addressRefused, .tls, .tooLarge, .redirectLimit, .protocol, .cancelled, .login, .refused, .other: false
    }
  }

  package var description: String { "\(code.rawValue): \(message)" }

  package var exitStatus: ExitStatus { .unavailable }
}

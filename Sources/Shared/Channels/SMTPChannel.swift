import Curl
import Secrets

/// Mail by SMTP: one message, one recipient at a time.
package struct SMTPChannel: MessageChannel {
  package let timeout: Duration
  private let server: SMTPServer
  private let sender: MailSender
  private let connections = SMTPConnections()
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - timeout: for one mail, from the connection to the server's answer.
  ///   - now: seconds since 1970, for the mail's `Date`.
  package init(
    server: SMTPServer, sender: MailSender, timeout: Duration = .seconds(30),
    now: @escaping @Sendable () -> Double
  ) {
    self.server = server
    self.sender = sender
    self.timeout = timeout
    self.now = now
  }

  package func send(_ message: ChannelMessage) async throws(ChannelError) {
    guard MailAddress.isSafe(message.recipient), message.hasIdentifier else { throw .unwritable }
    let content = MailMessage(sender: sender, message: message, sentAt: now()).bytes
    do {
      try await connections.send(
        CurlMail(
          url: server.url, user: server.user, password: server.password?.secret,
          encryption: server.encryption == .required ? .required : .none, sender: sender.address,
          recipient: message.recipient, content: content, connectTimeout: timeout, totalTimeout: timeout,
          authorityFile: server.authorityFile))
    } catch {
      throw Self.explained(error)
    }
  }

  /// A server's 4xx asks for another try, its 5xx about a recipient or a message is final; one about the user or the
  /// sender is the operator's to put right. A recipient whose address is said to lead nowhere is gone; any other refusal may
  /// be of this message, or of this sender.
  /// Source: RFC 5321 §4.2.1, §4.5.4.1; RFC 4954 §6.
  static func explained(_ error: CurlError) -> ChannelError {
    let reply = error.reply ?? 0
    let code: ChannelError.Code =
      switch error.code {
      case .login, .tls: .configuration
      case .refused where error.message.contains("MAIL failed"): reply < 500 ? .temporary : .configuration
      case .refused where error.message.contains("RCPT failed") && isGone(reply, error.enhancedStatus): .gone
      case .refused, .protocol: (500..<600).contains(reply) ? .refused : .temporary
      default: .temporary
      }
    // A server may put off each recipient whom it does not know yet, and take all others; 421 is the whole service's.
    let isOfMessage =
      error.code == .refused && (400..<500).contains(reply) && reply != 421
      && !error.message.contains("MAIL failed")
    return ChannelError(
      code, error.message + (error.enhancedStatus.map { " (\($0))" } ?? ""), isOfMessage: isOfMessage)
  }

  /// A mailbox or a domain that is not there, was never one, or has moved or takes no mail; 5.1.7 and 5.1.8 are about the
  /// sender. Source: RFC 3463 §3.2; RFC 7505 §4.1 (5.1.10).
  private static func isGone(_ reply: Int, _ status: String?) -> Bool {
    (500..<600).contains(reply) && ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"].contains(status)
  }
}

/// A way to reach one recipient: mail, a push service, a phone. Made once, used by many tasks at once.
package protocol MessageChannel: Sendable {
  /// The longest that one `send` takes, whatever the other side does.
  var timeout: Duration { get }

  /// Who takes the messages to an address: where one of a channel's other sides is away, the others are not.
  func provider(of address: String) -> String

  /// Hands one message over. Returns once the other side has taken responsibility for it.
  /// - Throws: `ChannelError`, whose code says whether to try again. A try that failed late may have arrived: the
  ///   message's `id` lets the recipient's side recognise a second one.
  func send(_ message: ChannelMessage) async throws(ChannelError)
}

extension MessageChannel {
  package func provider(of address: String) -> String { "" }
}

/// What a channel sends, in the forms that channels need: each takes what it can show.
package struct ChannelMessage: Sendable, Equatable {
  /// The same for every try: unique, of letters, digits, `.`, `-` and `_`, at most 100 characters.
  package var id: String
  /// An e-mail address, a push endpoint, a device's token, a telephone number.
  package var recipient: String
  /// What else the channel needs of the recipient, such as a push subscription's keys, as JSON.
  package var recipientDetails: String?
  /// A line: a mail's subject, a notification's title.
  package var title: String
  /// Plain text, lines ended by `\n`.
  package var text: String
  /// The same in a line or two, for a notification; nil: the text.
  package var summary: String?
  /// The same as a page, for channels that show one.
  package var html: String?
  /// For apps, which make their own display of it.
  package var data: [String: String]
  /// A later message of the same topic takes the place of an earlier one that the recipient has not seen; at most 32
  /// characters of base64url, of whole bytes: Apple's service decodes them. Source: RFC 8030 §5.4.
  package var topic: String?
  /// Nobody wants it later than this; seconds since 1970. A push service's time to live.
  package var expiresAt: Double
  package var unsubscribe: UnsubscribeLink?

  package init(
    id: String, recipient: String, recipientDetails: String? = nil, title: String, text: String, summary: String? = nil,
    html: String? = nil, data: [String: String] = [:], topic: String? = nil, expiresAt: Double,
    unsubscribe: UnsubscribeLink? = nil
  ) {
    self.id = id
    self.recipient = recipient
    self.recipientDetails = recipientDetails
    self.title = title
    self.text = text
    self.summary = summary
    self.html = html
    self.data = data
    self.topic = topic
    self.expiresAt = expiresAt
    self.unsubscribe = unsubscribe
  }
}

extension ChannelMessage {
  /// Whether its `id` is one.
  var hasIdentifier: Bool {
    (1...100).contains(id.utf8.count)
      && id.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
        default: false
        }
      }
  }
}

/// How a recipient leaves without logging in.
package struct UnsubscribeLink: Sendable, Equatable {
  /// Answers a POST of `List-Unsubscribe=One-Click`, and shows a page to people. Source: RFC 8058.
  package var url: String

  package init(url: String) { self.url = url }
}

/// Why a message was not taken.
package struct ChannelError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    /// May well work later: the other side is away, busy or slow.
    case temporary
    /// This message will never be taken: refused for what it is.
    case refused
    /// The recipient is not there any more, and the address should not be written to again.
    case gone
    /// The operator has something to put right (a password, a certificate); until then nothing is taken.
    case configuration
  }

  package var code: Code
  /// Without the recipient and without secrets.
  package var message: String
  /// When the other side says how long to wait.
  package var retryAfter: Duration?
  /// The other side takes other messages: a failure in passing that is of this message, or of its recipient.
  package var isOfMessage: Bool

  package init(_ code: Code, _ message: String, retryAfter: Duration? = nil, isOfMessage: Bool = false) {
    self.code = code
    self.message = message
    self.retryAfter = retryAfter
    self.isOfMessage = isOfMessage
  }

  package var description: String { "\(code.rawValue): \(message)" }

  /// Whether the other side takes nothing at present, whatever it is.
  package var isAway: Bool { (code == .temporary && !isOfMessage) || code == .configuration }

  /// A mail that can't be put into words.
  static let unwritable = ChannelError(.refused, "the recipient's address can't be written to")
}

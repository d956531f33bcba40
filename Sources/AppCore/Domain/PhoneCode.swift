/// Numbers from the first wish until their owner brings back the code that was sent there.
package enum PhoneCode {
  /// How long a code is good, in seconds.
  package static let lifetime = 600.0
  /// One number is sent a code this often at most on one channel, in seconds.
  package static let pause = 3_600.0
  /// How often a code may be tried.
  package static let tries = 5
}

/// What became of the wish to be sent a code.
package enum PhoneCodeAsk: Sendable, Equatable {
  /// A code is to be sent: the number of the wish.
  case send(Int64)
  /// One was sent within the hour.
  case wasSent
  /// As many were sent as may be, to all together; seconds until another may be.
  case tooMany(wait: Double)
}

/// Codes by which owners of phones confirm. Every adapter passes the same conformance tests.
package protocol PhoneCodeStore: Sendable {
  /// Keeps the hash of a code that is about to be sent.
  /// - Parameters:
  ///   - hash: of the code with the number and the channel, by a key that the database does not have.
  ///   - codesPerHour: to all numbers together.
  ///   - limit: of subscribers and addresses that wait.
  ///   - time: seconds since 1970.
  /// - Throws: `SubscribersFull`, for known and unknown numbers alike.
  func askCode(
    for number: PhoneNumber, on channel: NotificationChannel, hash: String, codesPerHour: Int, limit: Int,
    at time: Double
  ) async throws -> PhoneCodeAsk

  /// Another code may be asked for at once: this one was certainly not sent.
  func forgetCode(_ id: Int64) async throws

  /// Makes the number's address active, if the code is the one that was sent; each call is a try. A code is good once.
  /// - Returns: nil for any other, as for one that is too old or was tried too often.
  func confirmCode(
    for number: PhoneNumber, on channel: NotificationChannel, hash: String, at time: Double
  ) async throws -> Subscription?
}

/// What phones and Twilio say unasked. Every adapter passes the same conformance tests.
package protocol PhoneReplyStore: Sendable {
  /// - Parameter id: of the message that says so: the same again changes nothing.
  func stopPhone(_ number: PhoneNumber, on channel: NotificationChannel, by id: String, at time: Double) async throws

  /// Makes an address active again that was stopped: whoever has not confirmed it before is not subscribed by it.
  func resumePhone(_ number: PhoneNumber, on channel: NotificationChannel, by id: String, at time: Double) async throws

  /// Keeps how far a message came; an earlier state, or the same again, changes nothing.
  /// - Parameters:
  ///   - code: of the error, where there is one.
  ///   - message: of the outbox.
  ///   - isGone: the number leads nowhere: its address is stopped.
  /// - Returns: whether it is news.
  func record(
    _ status: DeliveryStatus, code: Int?, of message: Int64, on channel: NotificationChannel, to number: PhoneNumber,
    isGone: Bool, at time: Double
  ) async throws -> Bool

  /// By channel and state, of messages that are kept.
  func deliveryCounts() async throws -> [NotificationChannel: [DeliveryStatus: Int]]
}

/// How far a message came beyond the other side's first answer. Raw values are Twilio's, and are kept in the database.
/// Source: Twilio, "Outbound message status in status callbacks" (2026-11).
package enum DeliveryStatus: String, Sendable, CaseIterable {
  case queued, sending, sent, delivered, undelivered, failed, read

  /// A state of a higher rank follows one of a lower.
  package var rank: Int {
    switch self {
    case .queued: 1
    case .sending: 2
    case .sent: 3
    case .delivered, .undelivered, .failed: 4
    case .read: 5
    }
  }
}

/// What whoever asks for a code is told: of numbers with a price the same, whoever's they are.
package enum PhoneCodeAnswer: Sendable, Equatable {
  case taken
  /// The channel is not set up.
  case off
  /// Numbers that are taken begin so.
  case unpriced([String])
  /// Seconds until it may be asked again.
  case tooMany(wait: Double)
  /// The month's cap is reached; seconds until the next.
  case spent(wait: Double)
}

/// Has owners of phones confirm.
package protocol PhoneCodes: Sendable {
  func ask(for number: PhoneNumber, on channel: NotificationChannel) async throws -> PhoneCodeAnswer

  /// - Returns: nil for a code that is not the one that was sent, or is good no longer.
  func confirm(_ number: PhoneNumber, on channel: NotificationChannel, code: String) async throws -> Subscription?
}

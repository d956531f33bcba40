/// A word that nobody can guess, by which a subscriber sees, changes and deletes what is theirs.
package struct SubscriberToken: Sendable, Hashable {
  /// 22 characters of base64url.
  package static let length = 22

  package let text: String

  /// Nil for what can be none.
  package init?(_ text: String) {
    guard text.utf8.count == Self.length, text.utf8.allSatisfy(Self.letters.contains) else { return nil }
    self.text = text
  }

  /// From the system's source of randomness: six bits a character, 132 in all.
  package init() {
    text = String(
      decoding: (0..<Self.length).map { _ in Self.alphabet[Int.random(in: 0..<64)] }, as: UTF8.self)
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let letters = Set(alphabet)
}

/// What is kept of a subscriber.
package struct SubscriberProfile: Sendable, Equatable {
  package struct Address: Sendable, Equatable {
    package var channel: NotificationChannel
    package var address: String
    package var details: String?
    package var state: SubscriberAddress.State
    /// Seconds since 1970.
    package var createdAt: Double
    package var updatedAt: Double

    package init(
      channel: NotificationChannel, address: String, details: String?, state: SubscriberAddress.State,
      createdAt: Double, updatedAt: Double
    ) {
      self.channel = channel
      self.address = address
      self.details = details
      self.state = state
      self.createdAt = createdAt
      self.updatedAt = updatedAt
    }
  }

  package var subscriber: Int64
  /// Seconds since 1970.
  package var createdAt: Double
  package var interest: DutyInterest
  /// One a channel at most, by the channel's name.
  package var addresses: [Address]

  package init(subscriber: Int64, createdAt: Double, interest: DutyInterest, addresses: [Address]) {
    self.subscriber = subscriber
    self.createdAt = createdAt
    self.interest = interest
    self.addresses = addresses
  }
}

/// What a subscriber wants to be otherwise.
package struct SubscriberChange: Sendable, Equatable {
  /// Nil: as it is.
  package var lead: Int?
  /// Nil: as they are.
  package var doctors: DutyInterest.Doctors?
  /// Nil: as it is; `.some(nil)`: of both tables.
  package var category: Duty.Category??
  /// Nil: as it is.
  package var wantsDigest: Bool?
  /// Whether a channel's address is written to; channels that aren't named, or that the subscriber has no address of, stay as
  /// they are.
  package var channels: [NotificationChannel: Bool]

  package init(
    lead: Int? = nil, doctors: DutyInterest.Doctors? = nil, category: Duty.Category?? = nil, wantsDigest: Bool? = nil,
    channels: [NotificationChannel: Bool] = [:]
  ) {
    self.lead = lead
    self.doctors = doctors
    self.category = category
    self.wantsDigest = wantsDigest
    self.channels = channels
  }
}

/// Subscribers by their token. Every adapter passes the same conformance tests.
package protocol ProfileStore: Sendable {
  /// The token of a subscriber: the same every time. Nil where there is no such subscriber, or it is a mobile client.
  func token(of subscriber: Int64) async throws -> SubscriberToken?

  /// Nil where the token is nobody's.
  func profile(_ token: SubscriberToken) async throws -> SubscriberProfile?

  /// All of it or nothing.
  /// - Parameter time: seconds since 1970.
  /// - Returns: the profile as it is then; nil where the token is nobody's.
  func change(_ token: SubscriberToken, _ change: SubscriberChange, at time: Double) async throws -> SubscriberProfile?

  /// Forgets the subscriber, their addresses, confirmed or not, and their messages.
  /// - Returns: false where the token is nobody's.
  func forget(_ token: SubscriberToken) async throws -> Bool

  /// A subscriber's messages, those of the latest duties first.
  /// - Parameter limit: at most so many.
  func messages(to subscriber: Int64, limit: Int) async throws -> [OutboxEntry]
}

/// Where one channel reaches a subscriber.
package struct SubscriberAddress: Sendable, Hashable {
  package var subscriber: Int64
  package var channel: NotificationChannel
  /// What the channel sends to: an e-mail address, a push service's endpoint, a device's token.
  package var address: String
  /// What else the channel needs, as the subscriber gave it, such as a push subscription's JSON.
  package var details: String?

  package init(subscriber: Int64, channel: NotificationChannel, address: String, details: String? = nil) {
    self.subscriber = subscriber
    self.channel = channel
    self.address = address
    self.details = details
  }

  /// Whether it is written to. Raw values are kept in the database.
  package enum State: String, Sendable, CaseIterable {
    case active
    /// Its owner, or whoever delivers there, said no more.
    case stopped
  }
}

/// Who wants to be told. Every adapter passes the same conformance tests.
package protocol SubscriberStore: Sendable {
  /// Makes the addresses active, of those who have shown that they are theirs. The same again changes nothing that shows.
  ///
  /// A push service's endpoint is known to its owner alone: who brings it is its subscriber, and what comes with it is
  /// theirs. A mail address is known to many: one that has a subscriber stays that one's, whoever brings it.
  /// - Parameters:
  ///   - addresses: at least one.
  ///   - limit: of subscribers; beyond it only those who are known can come.
  ///   - time: seconds since 1970.
  /// - Throws: `SubscribersFull`.
  func subscribe(_ addresses: [NewAddress], limit: Int, at time: Double) async throws -> Subscription

  /// Whose address that is, while it is active; nil when nobody has it.
  func subscriber(of channel: NotificationChannel, address: String) async throws -> Int64?

  /// Stops all addresses of the subscriber whose secret this number is.
  func leave(by number: Int64, at time: Double) async throws -> Leaving

  /// The active address of a subscriber on a channel.
  func address(of subscriber: Int64, on channel: NotificationChannel) async throws -> String?

  /// Stops a subscriber's addresses on one channel, or on all (nil).
  /// - Returns: false when there is no such subscriber.
  func unsubscribe(_ subscriber: Int64, channel: NotificationChannel?, at time: Double) async throws -> Bool

  /// Stops one address, if it is still its subscriber's.
  func stop(_ address: SubscriberAddress, at time: Double) async throws

  /// Those with an active address, who are no devices, by their number.
  /// - Parameters:
  ///   - id: those above it.
  ///   - limit: at most so many.
  func subscribers(after id: Int64, limit: Int) async throws -> [ListedSubscriber]

  /// How many addresses are active, by channel; channels without any are left out.
  func activeAddresses() async throws -> [NotificationChannel: Int]
}

/// What an operator sees of a subscriber.
package struct ListedSubscriber: Sendable, Equatable {
  package var id: Int64
  package var email: String?
  package var hasPush: Bool
  /// Seconds since 1970.
  package var createdAt: Double

  package init(id: Int64, email: String?, hasPush: Bool, createdAt: Double) {
    self.id = id
    self.email = email
    self.hasPush = hasPush
    self.createdAt = createdAt
  }
}

package struct NewAddress: Sendable, Hashable {
  package var channel: NotificationChannel
  package var address: String
  package var details: String?

  package init(_ channel: NotificationChannel, _ address: String, details: String? = nil) {
    self.channel = channel
    self.address = address
    self.details = details
  }
}

package struct Subscription: Sendable, Equatable {
  /// Whose it is; never told to anybody.
  package var subscriber: Int64
  /// What the one who asked is told: the subscriber's secret, by which they leave; or, where they brought an address that
  /// anybody can know, a number by which a link to leave can be asked for.
  package var number: Int64
  /// Nobody had one of these addresses before.
  package var isNew: Bool

  package init(subscriber: Int64, number: Int64, isNew: Bool) {
    self.subscriber = subscriber
    self.number = number
    self.isNew = isNew
  }
}

/// What became of the wish to leave by a number.
package enum Leaving: Sendable, Equatable {
  case left
  /// The number is known to others than the subscriber, or can be guessed: they have to be asked.
  case needsProof(subscriber: Int64)
  case unknown
}

/// No more subscribers are taken.
package struct SubscribersFull: Error, Sendable, Equatable {
  package init() {}
}

/// Numbers that subscribers are given. JavaScript's numbers hold each of them exactly (ECMA-262, `MAX_SAFE_INTEGER`).
package struct SubscriberNumbers: Sendable {
  /// 52 bits that nobody can guess: who knows them may leave.
  package let secret: Int64
  /// What those are told who brought a known mail address; no secret's.
  package let claim: Int64

  /// Which numbers are no secrets.
  package static let claims: Range<Int64> = 1 << 52..<(1 << 53) - 1

  /// From the system's source of randomness.
  /// - Parameter claim: a number that those were told already; nil: a random one.
  package static func random(claim: Int64? = nil) -> SubscriberNumbers {
    SubscriberNumbers(secret: Int64.random(in: 0..<claims.lowerBound), claim: claim ?? Int64.random(in: claims))
  }
}

extension SubscriberStore {
  /// Subscribes without a limit.
  package func subscribe(_ addresses: [NewAddress], at time: Double) async throws -> Subscription {
    try await subscribe(addresses, limit: .max, at: time)
  }
}

/// Where one channel reaches a subscriber.
package struct SubscriberAddress: Sendable, Hashable {
  package var subscriber: Int64
  package var channel: NotificationChannel
  /// What the channel sends to: an e-mail address, a push service's endpoint.
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
    /// Asked for; nobody has confirmed yet that the address is theirs. Nothing but the question is sent.
    case pending
    case active
    /// Its owner, or whoever delivers there, said no more.
    case stopped
  }
}

/// Who wants to be told. Every adapter passes the same conformance tests.
package protocol SubscriberStore: Sendable {
  /// Makes the addresses active, all of one subscriber's: of whom one of them is, the first that is known; else of a new
  /// one. The same again changes nothing that shows.
  /// - Parameters:
  ///   - addresses: at least one; an address that was another subscriber's becomes this one's.
  ///   - time: seconds since 1970.
  func subscribe(_ addresses: [NewAddress], at time: Double) async throws -> Subscription

  /// Stops all addresses of the subscriber who has this one.
  /// - Returns: false when nobody has it.
  func unsubscribe(_ channel: NotificationChannel, address: String, at time: Double) async throws -> Bool

  /// Stops a subscriber's addresses on one channel, or on all (nil).
  /// - Returns: false when there is no such subscriber.
  func unsubscribe(_ subscriber: Int64, channel: NotificationChannel?, at time: Double) async throws -> Bool

  /// How many addresses are active, by channel; channels without any are left out.
  func activeAddresses() async throws -> [NotificationChannel: Int]
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
  package var subscriber: Int64
  /// Nobody had one of these addresses before.
  package var isNew: Bool

  package init(subscriber: Int64, isNew: Bool) {
    self.subscriber = subscriber
    self.isNew = isNew
  }
}

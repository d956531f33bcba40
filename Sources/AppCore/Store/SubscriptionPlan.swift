import AppDomain

/// Whose the addresses are that somebody brought, by who had them: the same on both stores.
struct SubscriptionPlan: Equatable {
  /// Nil: a new one.
  private(set) var subscriber: Int64?
  /// Addresses that are this subscriber's from now on.
  private(set) var own: [NewAddress] = []
  /// Addresses that stay another's, and are active again.
  private(set) var others: [NewAddress] = []
  /// Whoever asked is the subscriber, beyond doubt.
  private(set) var isProven: Bool
  /// None of the addresses was known.
  private(set) var isNew: Bool

  var needsSubscriber: Bool { subscriber == nil }

  /// - Parameter owners: who has each of the addresses; nil: nobody.
  init(_ addresses: [NewAddress], owners: [Int64?]) {
    let pairs = Array(zip(addresses, owners))
    let secret = pairs.filter { $0.0.channel != .email }
    isNew = owners.allSatisfy { $0 == nil }
    isProven = isNew || !secret.isEmpty
    subscriber = secret.lazy.compactMap(\.1).first ?? (secret.isEmpty ? owners.lazy.compactMap(\.self).first : nil)
    for (address, owner) in pairs {
      let isOthers = address.channel == .email && owner != nil && owner != subscriber
      if isOthers { others.append(address) } else { own.append(address) }
    }
  }
}

package import Plans

/// What a message to a phone costs, by what its number begins with. A number that none of them is for is not written to.
package struct MessagePrices: Sendable, Equatable {
  package struct Price: Sendable, Hashable {
    package var channel: NotificationChannel
    /// `+91`; the longest that a number begins with counts.
    package var prefix: String
    /// Of one segment, in whole millionths of a dollar; nil: numbers that begin so have no price.
    package var perSegment: Money?
    /// `2026-11-09`: when it was read.
    package var asOf: String

    package init(channel: NotificationChannel, prefix: String, perSegment: Money?, asOf: String) {
      self.channel = channel
      self.prefix = prefix
      self.perSegment = perSegment
      self.asOf = asOf
    }
  }

  private var prices: [NotificationChannel: [String: Price]] = [:]

  /// Of two with the same channel and prefix the later in the list counts.
  package init(_ prices: [Price]) {
    for price in prices { self.prices[price.channel, default: [:]][price.prefix] = price }
  }

  /// Nil where none is known.
  package func price(of number: PhoneNumber, on channel: NotificationChannel) -> (money: Money, reading: Price)? {
    guard let known = prices[channel] else { return nil }
    for length in stride(from: number.text.utf8.count, through: 2, by: -1) {
      guard let price = known[String(number.text.prefix(length))] else { continue }
      return price.perSegment.map { ($0, price) }
    }
    return nil
  }

  /// What numbers that are written to begin with, sorted.
  package func prefixes(on channel: NotificationChannel) -> [String] {
    (prices[channel] ?? [:]).values.filter { $0.perSegment != nil }.map(\.prefix).sorted()
  }
}

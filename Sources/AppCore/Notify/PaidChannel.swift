package import AppDomain
package import Channels
import Plans
import Wording

/// Messages to phones: each attempt is paid for, none goes beyond the month's cap or to a country without a price, and
/// reminders are held back in quiet hours.
package struct PaidChannel: MessageChannel {
  private let kind: NotificationChannel
  private let channel: TwilioChannel
  private let budget: MessageBudget
  private let quietHours: QuietHours?
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - kind: what the channel's messages are counted as.
  ///   - now: seconds since 1970, where the health centre's clock stands.
  package init(
    _ kind: NotificationChannel, by channel: TwilioChannel, budget: MessageBudget, quietHours: QuietHours?,
    now: @escaping @Sendable () -> Double
  ) {
    self.kind = kind
    self.channel = channel
    self.budget = budget
    self.quietHours = quietHours
    self.now = now
  }

  package var timeout: Duration { channel.timeout }

  package func hold(at time: Double) async throws -> ChannelHold? {
    if let end = quietHours?.end(at: time) {
      return ChannelHold(until: end, reason: "the duty started in quiet hours")
    }
    guard try await budget.isReached(kind, at: time) else { return nil }
    return ChannelHold(until: SpendMonth(at: time).end, reason: reached)
  }

  /// Whether it has a price.
  func takes(_ number: PhoneNumber) -> Bool { budget.prices.price(of: number, on: kind) != nil }

  /// Whether the month leaves no room for a code to the number.
  func refusesCode(to number: PhoneNumber, at time: Double) async throws -> Bool {
    guard let (price, _) = budget.prices.price(of: number, on: kind) else { return true }
    return try await budget.refusesCodes(of: price, at: time)
  }

  package func send(_ message: ChannelMessage) async throws(ChannelError) {
    let time = now()
    guard message.expiresAt > time else { throw ChannelError(.refused, "it came too late: the duty has started") }
    guard let number = PhoneNumber(message.recipient), let (price, _) = budget.prices.price(of: number, on: kind) else {
      throw ChannelError(.refused, "MESSAGE_PRICES has no price for the number's country")
    }
    let reservation = try await reserve(
      price * channel.segments(of: message), isCode: message.code != nil, at: time)
    do throws(ChannelError) {
      try await channel.send(message)
    } catch {
      if !error.mayHaveArrived { await budget.release(reservation) }
      throw error
    }
  }

  private func reserve(
    _ money: Money, isCode: Bool, at time: Double
  ) async throws(ChannelError) -> SpendReservation {
    let reservation: SpendReservation?
    do {
      reservation = try await budget.reserve(money, for: kind, isCode: isCode, at: time)
    } catch {
      throw ChannelError(.temporary, "what it costs can't be counted: \(error)")
    }
    guard let reservation else { throw ChannelError(.temporary, reached, isOfMessage: true, isSaid: true) }
    return reservation
  }

  private var reached: String { "the month's cap of \(budget.cap) for messages to phones is reached" }
}

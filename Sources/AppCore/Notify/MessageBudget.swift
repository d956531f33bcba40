package import AppDomain
package import Logging
package import Plans
import Synchronization
package import Telemetry

/// What messages to phones may cost: prices, and a month's cap for all of them together.
package final class MessageBudget: Sendable {
  package let prices: MessagePrices
  package let cap: Money
  /// Half of it: whoever has codes sent to many numbers leaves the rest to reminders.
  private var capOfCodes: Money { Money(microdollars: cap.nanodollars / 2_000) }
  private let store: any SpendStore
  private let logger: Logger
  private let spent: Family<Gauge>
  private let held: Family<Gauge>
  /// Channels that stand still, and in which month, so that it is said once.
  private let stopped = Mutex<[NotificationChannel: String]>([:])

  package init(
    prices: MessagePrices, cap: Money, store: any SpendStore, registry: MetricsRegistry, logger: Logger,
    channels: Set<NotificationChannel>
  ) {
    self.prices = prices
    self.cap = cap
    self.store = store
    self.logger = logger
    registry.gauge("message_spend_cap_dollars", "What messages to phones of a month may cost.").with().value =
      cap.dollars
    spent = registry.gauge(
      "message_spend_dollars", "What messages to phones cost in this month, as far as this instance has looked.",
      labels: ["channel"])
    held = registry.gauge(
      "message_spend_reached", "1 where a channel stands still since the month's cap is reached.", labels: ["channel"])
    for channel in channels { show(MonthSpend(money: .zero, refusedCap: nil), channel) }
  }

  /// Sets aside what one attempt costs.
  /// - Returns: nil where the month's cap leaves no room.
  func reserve(
    _ money: Money, for channel: NotificationChannel, isCode: Bool, at time: Double
  ) async throws -> SpendReservation? {
    let reservation = try await store.reserve(money, for: channel, below: isCode ? capOfCodes : cap, at: time)
    if reservation == nil, !isCode { say(isReached: true, channel, SpendMonth(at: time)) }
    return reservation
  }

  func release(_ reservation: SpendReservation) async {
    do {
      try await store.release(reservation)
    } catch {
      logger.error("what a message did not cost still counts", metadata: ["error": "\(error)"])
    }
  }

  /// Whether the month leaves no room for a code of that price.
  func refusesCodes(of money: Money, at time: Double) async throws -> Bool {
    try await store.spending(in: SpendMonth(at: time)).total + money > capOfCodes
  }

  /// Whether a channel stands still until the month ends, or the cap is raised; shows what was spent.
  package func isReached(_ channel: NotificationChannel, at time: Double) async throws -> Bool {
    let month = SpendMonth(at: time)
    let spend = try await store.spending(in: month)[channel] ?? MonthSpend(money: .zero, refusedCap: nil)
    show(spend, channel)
    let isReached = spend.isHeld(by: cap)
    say(isReached: isReached, channel, month)
    return isReached
  }

  private func show(_ spend: MonthSpend, _ channel: NotificationChannel) {
    spent.with(channel.rawValue).value = spend.money.dollars
    held.with(channel.rawValue).value = spend.isHeld(by: cap) ? 1 : 0
  }

  private func say(isReached: Bool, _ channel: NotificationChannel, _ month: SpendMonth) {
    let last = stopped.withLock { stopped in
      let last = stopped[channel]
      stopped[channel] = isReached ? month.text : nil
      return last
    }
    guard isReached != (last == month.text) else { return }
    held.with(channel.rawValue).value = isReached ? 1 : 0
    if isReached {
      logger.error(
        "the month's cap for messages to phones is reached: none are sent until it ends, or MESSAGE_SPEND_CAP is raised",
        metadata: ["channel": "\(channel.rawValue)", "cap": "\(cap)", "month": "\(month.text)"])
    } else if last != nil {
      logger.notice(
        "messages to phones are sent again", metadata: ["channel": "\(channel.rawValue)", "month": "\(month.text)"])
    }
  }
}

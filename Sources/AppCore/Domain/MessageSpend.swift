package import Plans

/// Money that is set aside for one attempt at one message.
package struct SpendReservation: Sendable, Hashable {
  package var month: SpendMonth
  package var channel: NotificationChannel
  package var money: Money

  package init(month: SpendMonth, channel: NotificationChannel, money: Money) {
    self.month = month
    self.channel = channel
    self.money = money
  }
}

/// A month in UTC, as Twilio bills it.
package struct SpendMonth: Sendable, Hashable {
  /// `2026-11`
  package let text: String
  /// When the next begins, in seconds since 1970.
  package let end: Double

  /// - Parameter time: seconds since 1970.
  package init(at time: Double) {
    var day = CalendarDay(daysSinceEpoch: Int((time / 86_400).rounded(.down)))
    let text = String(day.iso8601.prefix(7))
    while day.iso8601.hasPrefix(text) { day = day.adding(days: 1) }
    self.text = text
    end = Double(day.daysSinceEpoch) * 86_400
  }
}

/// What a channel's messages of a month cost, attempts that are still open among them.
package struct MonthSpend: Sendable, Equatable {
  package var money: Money
  /// The cap under which there was no room for a message any more; nil where there was always room.
  package var refusedCap: Money?

  package init(money: Money, refusedCap: Money?) {
    self.money = money
    self.refusedCap = refusedCap
  }

  /// Whether the channel stands still: there was no room under this cap, nor under a higher one.
  package func isHeld(by cap: Money) -> Bool { refusedCap.map { cap <= $0 } ?? false }
}

/// Counts what messages to phones cost, so that a month's cap holds whatever crashes, and however many instances send. Every
/// adapter passes the same conformance tests.
package protocol SpendStore: Sendable {
  /// Sets money aside, unless all channels together would then have cost more than `cap` in this month.
  /// - Parameters:
  ///   - money: whole millionths of a dollar.
  ///   - time: seconds since 1970.
  /// - Returns: nil where there is no room for it; that is remembered of the channel until money is given back.
  func reserve(
    _ money: Money, for channel: NotificationChannel, below cap: Money, at time: Double
  ) async throws -> SpendReservation?

  /// Gives back what was set aside for an attempt that has certainly cost nothing; also for a caller whose task was cancelled.
  func release(_ reservation: SpendReservation) async throws

  /// Of channels that spent something in the month.
  func spending(in month: SpendMonth) async throws -> [NotificationChannel: MonthSpend]
}

extension [NotificationChannel: MonthSpend] {
  package var total: Money { values.reduce(.zero) { $0 + $1.money } }
}

/// What an operator is shown of a month.
package struct MessageSpendState: Sendable, Equatable {
  package var spent: Money
  package var cap: Money
  /// Channels that stand still since there is no room.
  package var held: [String]

  package init(_ spending: [NotificationChannel: MonthSpend], cap: Money) {
    spent = spending.total
    self.cap = cap
    held = spending.filter { $0.value.isHeld(by: cap) }.keys.map(\.rawValue).sorted()
  }
}

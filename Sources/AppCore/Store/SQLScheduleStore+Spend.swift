package import AppDomain
package import Plans

/// One row a month and channel, in whole millionths of a dollar; one transaction at a time counts.
extension SQLScheduleStore: SpendStore {
  /// The first bytes of SHA-256 of `outgrown message spend`, to be nobody else's.
  private static let spendLock: Int64 = 0x3291_3F08_B507_B997

  package func reserve(
    _ money: Money, for channel: NotificationChannel, below cap: Money, at time: Double
  ) async throws -> SpendReservation? {
    guard let amount = money.microdollars, amount >= 0 else {
      throw StoreError(.failed, "\(money) is no amount that can be counted: whole millionths of a dollar were expected")
    }
    let month = SpendMonth(at: time)
    return try await engine.write { session in
      try session.lock(Self.spendLock)
      let spent: Int64 = try session.required(Self.total, [.text(month.text)])
      let hasRoom = Money(microdollars: spent) + money <= cap
      try session.run(
        Self.add,
        [
          .text("\(month.text)|\(channel.rawValue)"), .text(month.text), .text(channel.rawValue),
          .integer(hasRoom ? amount : 0), hasRoom ? .null : .integer(cap.nanodollars / 1_000),
        ])
      return hasRoom ? SpendReservation(month: month, channel: channel, money: money) : nil
    }
  }

  package func release(_ reservation: SpendReservation) async throws {
    guard let amount = reservation.money.microdollars else { return }
    _ = try await engine.settle(.write) { session in
      try session.lock(Self.spendLock)
      try session.run(
        "UPDATE message_spend SET microdollars = microdollars - $1 WHERE month = $2 AND channel = $3 AND microdollars >= $1",
        [.integer(amount), .text(reservation.month.text), .text(reservation.channel.rawValue)])
      // There is room again, for all channels.
      try session.run(
        "UPDATE message_spend SET refused_cap = NULL WHERE month = $1", [.text(reservation.month.text)])
    }
  }

  package func spending(in month: SpendMonth) async throws -> [NotificationChannel: MonthSpend] {
    try await engine.read { session in
      let rows = try session.rows(
        "SELECT channel, microdollars, refused_cap FROM message_spend WHERE month = $1", [.text(month.text)]
      ) { row -> (NotificationChannel, MonthSpend)? in
        guard let channel = NotificationChannel(rawValue: try row[0]) else { return nil }
        let spend = MonthSpend(
          money: Money(microdollars: try row[1]), refusedCap: row.integer(2).map { Money(microdollars: $0) })
        return (channel, spend)
      }
      return Dictionary(rows) { $1 }
    }
  }

  private static let total: SQLText = """
    SELECT CAST(coalesce(sum(microdollars), 0) AS bigint) FROM message_spend WHERE month = $1
    """

  private static let add: SQLText = """
    INSERT INTO message_spend AS s (id, month, channel, microdollars, refused_cap) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO UPDATE SET microdollars = s.microdollars + excluded.microdollars,
      refused_cap = CASE WHEN excluded.refused_cap < s.refused_cap THEN s.refused_cap ELSE excluded.refused_cap END
    """
}

package import AppDomain

extension SQLScheduleStore {
  package func expire(
    _ channel: NotificationChannel, reason: String, at now: Double
  ) async throws -> Int {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      try session.run(Self.expired, [.text(String(reason.prefix(500))), .real(now), .text(channel.rawValue)])
    }
  }

  /// What is being sent stays its sender's.
  private static let expired = SQLText {
    """
    UPDATE outbox SET state = 'dead', reason = $1, lease_token = NULL, lease_until = NULL, updated_at = $2
    WHERE channel = $3 AND (state = 'pending' OR (state = 'leased' AND lease_until <= coalesce(\($0.sharedClock), $2)))
      AND CASE event WHEN '\(DutyEvent.startsSoon.rawValue)' THEN starts_at ELSE ends_at END <= $2
    """
  }
}

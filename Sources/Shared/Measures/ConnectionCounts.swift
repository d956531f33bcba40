package struct ConnectionCounts: Counters {
  package var opened: UInt64 = 0
  /// Closed by the peer between requests.
  package var closedIdle: UInt64 = 0
  /// Idempotent requests sent anew, once each, because they met the idle close of a kept connection: it ended without a
  /// byte of an answer within max(5 ms, twice its own connect time) of their first byte.
  package var retried: UInt64 = 0
  /// Of the opened, those whose TLS handshake took up an earlier session.
  package var resumed: UInt64 = 0
  /// Look-ups of the target's name during the run that gave no address.
  package var failedLookUps: UInt64 = 0
  /// Times the name had moved to another address, and new connections followed.
  package var moves: UInt64 = 0

  package init() {}

  package static let fields: [Counter<Self>] = [
    Counter("opened", \.opened), Counter("closed_idle", \.closedIdle), Counter("retried", \.retried),
    Counter("resumed", \.resumed, isRecent: true), Counter("failed_look_ups", \.failedLookUps, isRecent: true),
    Counter("moves", \.moves, isRecent: true),
  ]
}

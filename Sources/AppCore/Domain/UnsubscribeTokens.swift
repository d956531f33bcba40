/// Sends people a link by which they leave, without a word on whether they are subscribed. Returns at once.
package protocol LeaveLinks: Sendable {
  func send(to address: EmailAddress)
  func send(to subscriber: Int64)
}

/// Makes and reads the words by which a subscriber, and nobody else, can leave.
package protocol UnsubscribeTokens: Sendable {
  /// A word for a URL's path.
  func token(for subscriber: Int64, channel: NotificationChannel) -> String

  /// Whose it is; nil for a word that this service did not give out.
  func read(_ token: String) -> (subscriber: Int64, channel: NotificationChannel)?
}

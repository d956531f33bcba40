/// A way to reach a subscriber. Raw values are kept in the database.
package enum NotificationChannel: String, Sendable, CaseIterable {
  case email
  /// A browser's push service; its address is the subscription's endpoint.
  case webPush = "web_push"
}

/// A way to reach a subscriber. Raw values are kept in the database.
package enum NotificationChannel: String, Sendable, CaseIterable {
  case email
  /// A browser's push service; its address is the subscription's endpoint.
  case webPush = "web_push"
  /// A mobile client by Firebase Cloud Messaging; its address is a device's token. It is told of the doctors that it follows,
  /// and of nobody else.
  case fcm
  /// A phone's number is the address, which its owner has confirmed by a code.
  case sms
  case whatsApp = "whatsapp"

  /// By a phone's number; each message costs money.
  package static let phones: Set<NotificationChannel> = [.sms, .whatsApp]
}

import AppDomain

/// The pages where subscribers change what they are told of.
package struct SubscriptionPages: Sendable {
  private let base: String

  /// - Parameter base: the service's address, without a slash at its end.
  package init(base: String) { self.base = base }

  func url(for token: SubscriberToken) -> String { "\(base)/subscription/\(token.text)" }
}

package import HTTPTypes

extension HTTPField.Name {
  /// Source: RFC 9211.
  package static let cacheStatus = named("Cache-Status")
  /// The addresses that proxies saw, the nearest last.
  package static let forwardedFor = named("X-Forwarded-For")
  /// How the client came to the proxy.
  static let forwardedProtocol = named("X-Forwarded-Proto")
  static let requestNumber = named("X-Request-ID")
  static let contentTypeOptions = named("X-Content-Type-Options")

  private static func named(_ text: StaticString) -> HTTPField.Name {
    guard let name = HTTPField.Name("\(text)") else { preconditionFailure("no name of a header") }
    return name
  }
}

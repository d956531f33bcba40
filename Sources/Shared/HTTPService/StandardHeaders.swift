import HTTPTypes
import Hummingbird

/// What every answer says besides itself.
struct StandardHeaders {
  private static let contentTypeOptions = HTTPField(name: name("X-Content-Type-Options"), value: "nosniff")
  /// What is no page loads nothing and is framed by nobody. Source: W3C Content Security Policy Level 3.
  private static let contentPolicy = HTTPField(
    name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")
  /// A year. Source: RFC 6797 §6.1.
  private static let transportSecurity = HTTPField(name: .strictTransportSecurity, value: "max-age=31536000")
  private static let forwardedProtocol = name("X-Forwarded-Proto")

  let proxies: TrustedProxies
  let crossOrigin: CrossOrigin

  func add(to response: inout Response, _ request: Request, _ context: ServiceContext) {
    response.headers.append(Self.contentTypeOptions)
    if response.headers[.contentSecurityPolicy] == nil { response.headers.append(Self.contentPolicy) }
    response.headers.append(HTTPField(name: RequestNumber.name, value: context.requestNumber))
    // Only a proxy of ours knows that the client came by TLS; over plain HTTP the word would mean nothing.
    if let scheme = request.headers[Self.forwardedProtocol], scheme.lowercased() == "https",
      proxies.isProxied(context)
    {
      response.headers.append(Self.transportSecurity)
    }
    crossOrigin.add(to: &response, request)
  }

  private static func name(_ text: StaticString) -> HTTPField.Name {
    guard let name = HTTPField.Name("\(text)") else { preconditionFailure("no name of a header") }
    return name
  }
}

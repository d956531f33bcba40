import Addresses
import HTTPTypes
import Hummingbird

/// What every answer says besides itself.
struct StandardHeaders {
  private static let contentTypeOptions = HTTPField(name: .contentTypeOptions, value: "nosniff")
  /// What is no page loads nothing and is framed by nobody. Source: W3C Content Security Policy Level 3.
  private static let contentPolicy = HTTPField(
    name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")
  /// A year. Source: RFC 6797 §6.1.
  private static let transportSecurity = HTTPField(name: .strictTransportSecurity, value: "max-age=31536000")

  let proxies: TrustedProxies
  let crossOrigin: CrossOrigin

  func add(to response: inout Response, _ request: Request, _ context: ServiceContext) {
    add(
      to: &response.headers, number: context.requestNumber, origin: request.headers[.origin],
      forwardedProtocol: request.headers[.forwardedProtocol], from: context.peer)
  }

  /// - Parameters:
  ///   - number: what the request is called.
  ///   - origin: the request's `Origin`.
  ///   - forwardedProtocol: its `X-Forwarded-Proto`.
  ///   - peer: of its connection.
  func add(
    to headers: inout HTTPFields, number: String, origin: String?, forwardedProtocol: String?,
    from peer: @autoclosure () -> IPAddress?
  ) {
    headers.append(Self.contentTypeOptions)
    if headers[.contentSecurityPolicy] == nil { headers.append(Self.contentPolicy) }
    headers.append(HTTPField(name: .requestNumber, value: number))
    // Only a proxy of ours knows that the client came by TLS; over plain HTTP the word would mean nothing.
    if let forwardedProtocol, forwardedProtocol.lowercased() == "https", proxies.isProxy(peer()) {
      headers.append(Self.transportSecurity)
    }
    crossOrigin.add(to: &headers, origin: origin)
  }
}

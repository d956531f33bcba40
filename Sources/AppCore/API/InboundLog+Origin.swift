import Addresses
import HTTPService

extension InboundLog {
  /// - Parameters:
  ///   - peer: the other end of the connection.
  ///   - forwarded: the values of `X-Forwarded-For`.
  func record(
    path: String, as shown: @autoclosure () -> String? = nil, agent: String?, peer: IPAddress?, forwarded: [String],
    _ proxies: TrustedProxies
  ) {
    // What a proxy of ours says, whole: it tells apart who shares its last address.
    let said = proxies.isProxy(peer) && !forwarded.isEmpty ? forwarded.joined(separator: ", ") : nil
    record(
      path: path, as: shown(), agent: agent,
      forwardedFor: said ?? proxies.origin(peer: peer, forwarded: forwarded)?.description)
  }
}

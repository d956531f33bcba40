package import Addresses
import HTTPTypes
package import Hummingbird

/// Whose word on a request's origin is believed: the proxies in front of the service.
package struct TrustedProxies: Sendable, Equatable {
  /// No chain of proxies is longer.
  private static let longestChain = 32

  private let blocks: [AddressBlock]

  /// Loopback, and addresses inside a site where the service runs on a platform that proxies from there.
  package init(isOnPlatform: Bool = false) {
    blocks = AddressBlock.loopback + (isOnPlatform ? AddressBlock.site : [])
  }

  /// Reads blocks in CIDR notation, separated by commas or spaces; nil when one can't be read or there is none.
  package init?(_ text: String) {
    let words = text.split { $0 == "," || $0.isWhitespace }
    let blocks = words.compactMap { AddressBlock($0) }
    guard !blocks.isEmpty, blocks.count == words.count else { return nil }
    self.blocks = blocks
  }

  package func contains(_ address: IPAddress) -> Bool { blocks.contains { $0.contains(address) } }

  /// Where a request came from: the last address of the chain that is no proxy of ours. Nil when all are, or nothing is
  /// known: then somebody on this machine asks, or the platform itself.
  /// - Parameters:
  ///   - peer: the other end of the connection.
  ///   - forwarded: the values of `X-Forwarded-For`, in their order; what a proxy saw stands to the right of what it was
  ///     told.
  package func origin(peer: IPAddress?, forwarded: [String]) -> IPAddress? {
    guard let peer else { return nil }
    guard contains(peer) else { return peer }
    let chain = forwarded.flatMap { $0.split(separator: ",") }.suffix(Self.longestChain)
    for text in chain.reversed() {
      // Whatever stands left of a word that is no address is nobody's word.
      guard let address = Self.address(text) else { return nil }
      if !contains(address) { return address }
    }
    return nil
  }

  package func origin(of request: Request, _ context: ServiceContext) -> IPAddress? {
    origin(peer: context.peer, forwarded: request.headers[values: .forwardedFor])
  }

  /// Whether the other end of the connection is one of them.
  package func isProxy(_ peer: IPAddress?) -> Bool { peer.map(contains) ?? false }

  /// An address, with or without a port.
  private static func address(_ text: Substring) -> IPAddress? {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    if let address = IPAddress(text) { return address }
    guard let colon = text.lastIndex(of: ":"), text[..<colon].hasSuffix("]") || !text[..<colon].contains(":") else {
      return nil
    }
    return IPAddress(text[..<colon])
  }
}

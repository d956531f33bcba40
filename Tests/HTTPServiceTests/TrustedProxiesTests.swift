import Addresses
import Testing

@testable import HTTPService

struct TrustedProxiesTests {
  @Test(
    "the last address that is no proxy of ours counts; nobody's word is taken but a proxy's",
    arguments: [
      (nil, "1.2.3.4", ["9.9.9.9"], "1.2.3.4"), (nil, "127.0.0.1", ["6.6.6.6, 1.1.1.1"], "1.1.1.1"),
      (nil, "127.0.0.1", [], nil), (nil, "10.0.0.1", ["9.9.9.9"], "10.0.0.1"),
      ("10.0.0.0/8,192.0.2.1", "10.0.0.1", ["6.6.6.6, 1.1.1.1, 192.0.2.1", "10.9.9.9"], "1.1.1.1"),
      ("10.0.0.0/8", "127.0.0.1", ["9.9.9.9"], "127.0.0.1"), ("10.0.0.0/8", "::ffff:10.0.0.1", ["9.9.9.9"], "9.9.9.9"),
      ("10.0.0.0/8", "10.0.0.1", ["9.9.9.9, unknown"], nil), ("10.0.0.0/8", "10.0.0.1", ["9.9.9.9:443"], "9.9.9.9"),
      ("10.0.0.0/8", "10.0.0.1", ["[2001:db8::1]:443"], "2001:db8::1"),
      ("10.0.0.0/8", "10.0.0.1", [" 10.0.0.2 ,"], nil),
    ] as [(String?, String, [String], String?)])
  func origin(blocks: String?, peer: String, forwarded: [String], expected: String?) throws {
    let proxies = try blocks.map { try #require(TrustedProxies($0)) } ?? TrustedProxies()
    #expect(proxies.origin(peer: IPAddress(peer), forwarded: forwarded)?.description == expected)
  }

  @Test("on a platform that proxies from inside, its addresses are believed too")
  func platform() {
    let proxies = TrustedProxies(isOnPlatform: true)
    #expect(proxies.origin(peer: IPAddress("10.1.1.1"), forwarded: ["9.9.9.9, 172.16.0.1"])?.description == "9.9.9.9")
  }

  @Test("what is no list of blocks is none", arguments: ["", " , ", "10.0.0.0/8,x", "all"])
  func invalid(text: String) { #expect(TrustedProxies(text) == nil) }
}

import Addresses
import Testing

struct IPAddressTests {
  @Test(
    "addresses are read in their usual forms and written back; other forms are none",
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("[2001:DB8::1]", "2001:db8::1"), ("::1", "::1"),
      ("2130706433", nil), ("0x7f.1", nil), ("127.1", nil), ("fe80::1%eth0", nil), ("localhost", nil), ("", nil),
      ("1.2.3.4.5", nil), ("256.1.1.1", nil),
    ])
  func text(text: String, expected: String?) {
    #expect(IPAddress(text)?.description == expected)
  }

  @Test(
    "what the public internet does not lead to is not public, however it is wrapped",
    arguments: [
      "127.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
      "0.0.0.0",
      "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fd00::1", "fe80::1", "fec0::1",
      "ff02::1",
      "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:0a00:0001::1", "2001:db8::1", "2001::1", "100::1",
    ])
  func special(text: String) throws {
    #expect(try !#require(IPAddress(text)).isPublic)
  }

  @Test(
    "and what it leads to is",
    arguments: [
      "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "2002:0101:0101::1",
      "::ffff:8.8.8.8",
    ])
  func open(text: String) throws {
    #expect(try #require(IPAddress(text)).isPublic)
  }

  @Test(
    "blocks contain what they name",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3", "10.1.2.3", true),
      ("10.1.2.3", "10.1.2.4", false), ("0.0.0.0/0", "9.9.9.9", true), ("0.0.0.0/0", "2001:db8::1", false),
      ("2001:db8::/32", "2001:db8:ffff::1", true), ("::/0", "1.2.3.4", true), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
    ])
  func blocks(block: String, address: String, isInside: Bool) throws {
    #expect(try #require(AddressBlock(block)).contains(#require(IPAddress(address))) == isInside)
  }

  @Test(
    "what is no block is none",
    arguments: [
      "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10/8", "x/8", "/8", "::/129", "10.0.0.0/8/8", "10.0.0.0/+8",
    ])
  func noBlocks(text: String) { #expect(AddressBlock(text) == nil) }

  @Test("the blocks that are written in the source can all be read, and IPv6 sites are 64 bits wide")
  func lists() throws {
    #expect(AddressBlock.loopback.count == 2 && AddressBlock.site.count == 7)
    let (one, other) = (try #require(IPAddress("2001:db8::1")), try #require(IPAddress("2001:db8::ffff:2")))
    #expect(one.site == other.site && one != other)
    #expect(try #require(IPAddress("1.2.3.4")).site != #require(IPAddress("1.2.3.5")).site)
  }
}

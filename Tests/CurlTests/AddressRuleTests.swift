import Synchronization
import TestSupport
import Testing

@testable import Curl

/// Where a request may connect to, whatever a name resolves to: judged at the socket, by real libcurl.
struct AddressRuleTests {
  /// A name and what it resolves to, one look-up after the other.
  private struct Name {
    let server: LoopbackServer
    let requests = Counter()

    final class Counter: Sendable {
      private let value = Mutex(0)
      var count: Int { value.withLock { $0 } }
      func add() { value.withLock { $0 += 1 } }
    }

    init() throws {
      let requests = requests
      server = try LoopbackServer { _ in
        requests.add()
        return .init(body: Array("inside".utf8))
      }
    }

    func request(_ addresses: String, _ rule: CurlAddressRule) -> CurlRequest {
      var request = CurlRequest(url: "http://rebinding.example:\(server.port)/", connectTimeout: .seconds(3))
      request.resolved = ["rebinding.example:\(server.port):\(addresses)"]
      request.addresses = rule
      return request
    }
  }

  @Test(
    "a name that leads inside is refused, whichever of its addresses does",
    arguments: ["127.0.0.1", "10.0.0.5", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.5,127.0.0.1"])
  func inside(addresses: String) async throws {
    let name = try Name()
    defer { name.server.stop() }
    let client = try CurlClient()
    let error = await #expect(throws: CurlError.self) { try await client.send(name.request(addresses, .publicOnly)) }
    #expect(error?.code == .addressRefused && error?.isTransient == false, "\(String(describing: error))")
    #expect(name.requests.count == 0)
  }

  @Test("where the first address doesn't answer, the next one is judged as well")
  func second() async throws {
    let name = try Name()
    defer { name.server.stop() }
    // 127.0.0.2 is allowed, and nobody listens there; 10.0.0.5 would be next.
    let client = try CurlClient()
    let error = await #expect(throws: CurlError.self) {
      try await client.send(name.request("127.0.0.2,10.0.0.5", .loopbackOnly))
    }
    #expect(
      error?.code == .addressRefused && error?.message.contains("10.0.0.5") == true, "\(String(describing: error))")
    #expect(try await client.send(name.request("10.0.0.5,127.0.0.1", .loopbackOnly)).status == 200)
  }

  @Test("a name that led to where it may, and then leads elsewhere, is refused the second time")
  func rebinding() async throws {
    let name = try Name()
    defer { name.server.stop() }
    let client = try CurlClient()
    var request = name.request("127.0.0.1", .loopbackOnly)
    request.freshConnection = true
    #expect(try await client.send(request).status == 200)
    request = name.request("10.0.0.5", .loopbackOnly)
    request.freshConnection = true
    let error = await #expect(throws: CurlError.self) { try await client.send(request) }
    #expect(error?.code == .addressRefused)
    #expect(name.requests.count == 1)
  }

  @Test("a connection that is kept from a request that might go anywhere is not used by one that may not")
  func kept() async throws {
    let name = try Name()
    defer { name.server.stop() }
    let client = try CurlClient()
    #expect(try await client.send(name.request("127.0.0.1", .any)).status == 200)
    let error = await #expect(throws: CurlError.self) { try await client.send(name.request("127.0.0.1", .publicOnly)) }
    #expect(error?.code == .addressRefused)
    #expect(name.requests.count == 1)
    // Who may use it still does.
    #expect(try await client.send(name.request("127.0.0.1", .loopbackOnly)).status == 200)
  }
}

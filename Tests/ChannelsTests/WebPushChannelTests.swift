import Curl
import Foundation
import TestSupport
import Testing

@testable import Channels

/// Pushes to a real peer.
@Suite(
  .enabled(if: PushPeer.python != nil, "no http-ece, py-vapid or cryptography: scripts/setup test"),
  .timeLimit(.minutes(2)))
struct WebPushChannelTests {
  private static let now = 1_795_634_125.0

  private static func identity() throws -> VAPIDIdentity {
    try VAPIDIdentity(
      key: VAPIDIdentity.key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), subject: "mailto:doctors@example.org")
  }

  private static func channel(
    _ client: CurlClient, rule: PushEndpointRule = PushEndpointRule(allowsLoopback: true)
  ) throws -> WebPushChannel {
    WebPushChannel(identity: try identity(), rule: rule, client: client, timeout: .seconds(20)) { now }
  }

  private static func message(
    _ peer: PushPeer, _ word: String = "ok", title: String = "Dr. A at 09:00", expiresIn: Double = 3_600
  ) -> ChannelMessage {
    ChannelMessage(
      id: "id-1", recipient: peer.endpoint(word), recipientDetails: peer.subscription(word), title: title,
      text: "long", summary: "Starts in 45 minutes", data: ["doctor_name": title],
      topic: "0123456789abcdef0123456789abcdef",
      expiresAt: now + expiresIn)
  }

  private static func with(_ body: (PushPeer, CurlClient) async throws -> Void) async throws {
    let client = try CurlClient()
    defer { client.shutdown() }
    try await withTemporaryDirectory { folder in try await body(try await PushPeer.start(in: folder), client) }
  }

  @Test("a browser opens what it gets, and its service knows who pushed")
  func arrives() async throws {
    try await Self.with { peer, client async throws in
      let channel = try Self.channel(client)
      let title = "डॉ. \"अनिता\" </script>\r\nBcc: x@y.z"
      try await channel.send(Self.message(peer, title: title))
      try await channel.send(Self.message(peer, expiresIn: -5))
      let pushes = try peer.requests("push")
      let push = try #require(pushes.first)
      #expect(push.error == nil && push.verified == true)
      let payload = try #require(
        try JSONSerialization.jsonObject(with: Data((push.payload ?? "").utf8)) as? [String: Any])
      #expect(payload["title"] as? String == title && payload["body"] as? String == "Starts in 45 minutes")
      #expect(payload["icon"] is String && payload["badge"] is String)
      #expect(payload["data"] as? [String: String] == ["doctor_name": title])
      #expect(push.headers?["ttl"] == "3600" && push.headers?["urgency"] == "high")
      #expect(push.headers?["topic"] == "0123456789abcdef0123456789abcdef")
      #expect(push.headers?["content-encoding"] == "aes128gcm")
      #expect(push.header == ["typ": "JWT", "alg": "ES256"] && push.key == channel.publicKey)
      let claims = try #require(push.claims)
      #expect(claims.aud == peer.url && claims.sub == "mailto:doctors@example.org")
      #expect(claims.exp > Self.now && claims.exp <= Self.now + 86_400)
      #expect(pushes.count == 2 && pushes[1].headers?["ttl"] == "0")
      #expect(pushes[1].headers?["authorization"] == push.headers?["authorization"], "a token is made once")
    }
  }

  @Test("what a service answers is gone, busy, refused, or the operator's to put right, and never tells the endpoint")
  func answers() async throws {
    try await Self.with { peer, client async throws in
      let channel = try Self.channel(client)
      for (word, code, pause) in [
        ("201", nil, nil), ("200", nil, nil), ("404", .gone, nil), ("410", .gone, nil),
        ("429-wait", .temporary, .seconds(7)), ("500", .temporary, nil), ("503-wait", .temporary, .seconds(7)),
        ("apple", .configuration, nil), ("401", .configuration, nil), ("403", .configuration, nil),
        ("applekey", .refused, nil), ("mozillakey", .refused, nil), ("googlekey", .refused, nil),
        ("400", .refused, nil), ("413", .refused, nil), ("redirect", .refused, nil), ("huge", nil, nil),
      ] as [(String, ChannelError.Code?, Duration?)] {
        var error: ChannelError?
        do throws(ChannelError) { try await channel.send(Self.message(peer, word)) } catch let thrown { error = thrown }
        #expect(error?.code == code && error?.retryAfter == pause, "\(word): \(String(describing: error))")
        #expect(error?.message.contains("/push/") != true)
        if word == "apple" {
          #expect(
            error?.message.contains("BadJwtToken") == true && error?.message.contains("VAPID_SUBJECT") == true)
        }
      }
      #expect(try peer.requests("push").count == 17, "no redirect is followed")
    }
  }

  @Test("nothing is sent to a private address, whatever its name is")
  func addresses() async throws {
    try await Self.with { peer, client async throws in
      // A name that is on the list and leads here.
      let channel = try Self.channel(client, rule: PushEndpointRule(hosts: ["localhost", "127.0.0.1"]))
      for endpoint in ["https://localhost/x", "https://127.0.0.1/x"] {
        var message = Self.message(peer)
        message.recipient = endpoint
        let error = await #expect(throws: ChannelError.self) { try await channel.send(message) }
        #expect(error?.code == .configuration, "refused before a connection, which nobody would take: \(endpoint)")
      }
      for endpoint in ["https://169.254.169.254/", peer.endpoint(), "https://[::ffff:169.254.169.254]/"] {
        var message = Self.message(peer)
        message.recipient = endpoint
        let error = await #expect(throws: ChannelError.self) { try await channel.send(message) }
        #expect(error?.code == .refused)
      }
      var unkeyed = Self.message(peer)
      unkeyed.recipientDetails = "{}"
      let error = await #expect(throws: ChannelError.self) { try await Self.channel(client).send(unkeyed) }
      #expect(error?.code == .refused)
      let long = Self.message(peer, title: String(repeating: "x", count: 4_000))
      let refusal = await #expect(throws: ChannelError.self) { try await Self.channel(client).send(long) }
      #expect(refusal?.code == .refused && refusal?.message.contains("3993") == true)
      #expect(try peer.requests("push").isEmpty)
    }
  }

  @Test("a token is made for each service, anew before it expires, and after the clock was set back")
  func tokens() throws {
    let tokens = VAPIDTokens(try Self.identity())
    let first = try tokens.authorization(for: "https://a.example", at: 0)
    #expect(try tokens.authorization(for: "https://a.example", at: VAPIDTokens.lifetime - VAPIDTokens.margin) == first)
    #expect(try tokens.authorization(for: "https://b.example", at: 0) != first)
    let second = try tokens.authorization(for: "https://a.example", at: VAPIDTokens.lifetime - 60)
    #expect(second != first)
    #expect(try tokens.authorization(for: "https://a.example", at: 5) != second)
  }
}

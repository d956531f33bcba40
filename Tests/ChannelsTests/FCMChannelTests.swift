import Curl
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Messages for devices, to a real peer.
@Suite(
  .enabled(if: PushPeer.python != nil, "no http-ece, py-vapid or cryptography: scripts/setup test"),
  .timeLimit(.minutes(2)))
struct FCMChannelTests {
  private static let now = 1_795_634_125.0

  private final class Clock: Sendable {
    private let time = Mutex(FCMChannelTests.now)
    var now: Double { time.withLock { $0 } }
    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
  }

  private static func with(_ body: (PushPeer, FCMChannel, Clock) async throws -> Void) async throws {
    let client = try CurlClient()
    defer { client.shutdown() }
    try await withTemporaryDirectory { folder in
      let peer = try await PushPeer.start(in: folder)
      let clock = Clock()
      let channel = FCMChannel(
        account: try ServiceAccount(json: peer.description.account), base: peer.url, client: client,
        timeout: .seconds(20)
      ) { clock.now }
      try await body(peer, channel, clock)
    }
  }

  private static func message(_ token: String) -> ChannelMessage {
    ChannelMessage(
      id: "id-1", recipient: token, title: "Dr. A at 09:00", text: "long", summary: "Starts in 45 minutes",
      data: ["doctor_name": "Dr. A\r\n\"", "category": "Visiting Specialist"],
      topic: "0123456789abcdef0123456789abcdef", expiresAt: now + 3_600)
  }

  @Test("a device is told what clients read, by a token that an assertion of the account's brought")
  func arrives() async throws {
    try await Self.with { peer, channel, _ async throws in
      try await channel.send(Self.message("device:1"))
      let token = try #require(try peer.requests("token").first)
      #expect(token.verified == true && token.grant == "urn:ietf:params:oauth:grant-type:jwt-bearer")
      #expect(token.header == ["typ": "JWT", "alg": "RS256", "kid": "key-1"])
      let claims = try #require(token.claims)
      #expect(claims.iss == "pusher@health-centre.iam.gserviceaccount.com" && claims.aud == peer.url + "/token")
      #expect(claims.scope == "https://www.googleapis.com/auth/firebase.messaging")
      #expect(claims.iat == Self.now && claims.exp == Self.now + 3_600)
      let request = try #require(try peer.requests("fcm").first)
      #expect(request.path == "/v1/projects/health-centre/messages:send")
      #expect(request.authorization == "Bearer ya29.token-1")
      let message = try #require(request.message)
      #expect(message.token == "device:1")
      #expect(message.notification == ["title": "Dr. A at 09:00", "body": "Starts in 45 minutes"])
      #expect(message.data == ["doctor_name": "Dr. A\r\n\"", "category": "Visiting Specialist"])
      #expect(message.android.priority == "high" && message.android.ttl == "3600s")
      #expect(
        message.android.notification == [
          "icon": "ic_notification", "color": "#667eea", "sound": "default",
          "tag": "0123456789abcdef0123456789abcdef",
        ])
    }
  }

  @Test("a token is fetched once by many, used until shortly before it expires, and forgotten when it is not taken")
  func tokens() async throws {
    try await Self.with { peer, channel, clock async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<12 { group.addTask { try await channel.send(Self.message("device:\(number)")) } }
        try await group.waitForAll()
      }
      #expect(try peer.requests("token").count == 1 && peer.requests("fcm").count == 12)
      clock.advance(3_599 - FCMTokens.margin)
      try await channel.send(Self.message("device:1"))
      #expect(try peer.requests("token").count == 1)
      clock.advance(1)
      try await channel.send(Self.message("device:1"))
      #expect(try peer.requests("token").count == 2)
      let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message("expired-1")) }
      #expect(error?.code == .configuration)
      try await channel.send(Self.message("device:1"))
      #expect(try peer.requests("token").count == 3)
      #expect(try peer.requests("fcm").last?.authorization == "Bearer ya29.token-3")
    }
  }

  @Test("what is answered is gone, busy, refused, or the operator's to put right, and never tells the device's token")
  func answers() async throws {
    try await Self.with { peer, channel, _ async throws in
      for (token, code, pause) in [
        ("unregistered-1", .gone, nil), ("invalid-1", .gone, nil), ("field-1", .gone, nil),
        ("argument-1", .refused, nil),
        ("sender-1", .refused, nil), ("quota-1", .temporary, .seconds(60)), ("quota-wait", .temporary, .seconds(7)),
        ("internal-1", .temporary, nil), ("unavailable-wait", .temporary, .seconds(7)),
        ("thirdparty-1", .configuration, nil), ("permission-1", .configuration, nil),
        ("project-1", .configuration, nil), ("a b", .refused, nil), ("", .refused, nil),
      ] as [(String, ChannelError.Code, Duration?)] {
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message(token)) }
        #expect(error?.code == code && error?.retryAfter == pause, "\(token): \(String(describing: error))")
        #expect(token.isEmpty || error?.message.contains(token) == false)
      }
      #expect(try peer.requests("fcm").count == 12 && peer.requests("token").count == 1)
    }
  }

  @Test("an account that is not taken, or a server that is not there: nothing is sent, and nothing of the key is told")
  func refusedAccount() async throws {
    let client = try CurlClient()
    defer { client.shutdown() }
    try await withTemporaryDirectory { folder in
      let peer = try await PushPeer.start(in: folder)
      try await withTemporaryDirectory { other in
        let stranger = try await PushPeer.start(in: other)
        let account = stranger.description.account.replacing(
          ":\(stranger.description.port)/", with: ":\(peer.description.port)/")
        let channel = FCMChannel(account: try ServiceAccount(json: account), base: peer.url, client: client) {
          Self.now
        }
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message("device:1")) }
        #expect(error?.code == .configuration && error?.message.contains("invalid_grant") == true)
      }
      let away = peer.description.account.replacing(":\(peer.description.port)/", with: ":9/")
      let channel = FCMChannel(account: try ServiceAccount(json: away), base: peer.url, client: client) { Self.now }
      let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message("device:1")) }
      #expect(error?.code == .temporary)
      #expect(try peer.requests("fcm").isEmpty)
    }
  }

  @Test(
    "an account that can't be used is refused by the key that is wrong",
    arguments: [
      ("", "service account"), ("[]", "service account"), (#"{"type":"authorized_user"}"#, "type"),
      (#"{"type":"service_account","project_id":"a/b"}"#, "project_id"),
      (#"{"type":"service_account","project_id":"p","client_email":"x"}"#, "client_email"),
      (#"{"type":"service_account","project_id":"p","client_email":"a@b.c","private_key":"hush"}"#, "private_key"),
      (
        #"{"type":"service_account","project_id":"p","client_email":"a@b.c","private_key":"-----BEGIN ENCRYPTED PRIVATE KEY"#
          + #"-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"}"#, "private_key"
      ),
    ])
  func accounts(json: String, word: String) {
    let error = #expect(throws: ServiceAccount.Refusal.self) { try ServiceAccount(json: json) }
    #expect(error?.description.hasPrefix(word) == true || error?.description.contains(word) == true)
    #expect(error?.description.contains("hush") == false)
  }
}

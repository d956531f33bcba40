import Curl
import Foundation
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Mail to an API on a real socket.
@Suite(.timeLimit(.minutes(1)))
struct MailAPIChannelTests {
  private static let key = "re_0123456789"

  private static func channel(_ url: String, timeout: Duration = .seconds(20)) throws -> MailAPIChannel {
    MailAPIChannel(
      api: try MailAPI(url: url, key: Redacted(key)),
      sender: try #require(MailSender("Zoë \"Health\" <doctors@example.org>")), client: try CurlClient(),
      timeout: timeout, now: { 1_795_634_125 })
  }

  private static func message(to recipient: String = "a@example.net", title: String = "Dr. Ö at 09:00")
    -> ChannelMessage
  {
    ChannelMessage(
      id: "id-1", recipient: recipient, title: title, text: "Hello\n", html: "<p>Hello</p>\n", expiresAt: 2_000_000_000,
      unsubscribe: UnsubscribeLink(url: "https://doctors.example.org/unsubscribe/7-email-3f"))
  }

  /// What a mail to an API that answers so comes to.
  private static func error(
    _ status: String, _ body: String = "", headers: [String] = []
  ) async throws -> ChannelError? {
    let server = try LoopbackServer { _ in .init(status: status, headers: headers, body: Array(body.utf8)) }
    defer { server.stop() }
    let channel = try channel(server.url + "/emails")
    do throws(ChannelError) {
      try await channel.send(message())
      return nil
    } catch {
      #expect(!error.message.contains(key) && !error.message.contains("a@example.net"))
      return error
    }
  }

  @Test("a mail is one JSON object with the key, the message's identity and the list's headers")
  func request() async throws {
    let seen = Mutex<(head: String, body: [UInt8])>(("", []))
    let server = try LoopbackServer(answeringBodies: { head, body in
      seen.withLock { $0 = (head, body) }
      return .init(body: Array(#"{"id":"x"}"#.utf8))
    })
    defer { server.stop() }
    try await Self.channel(server.url + "/emails").send(Self.message(title: "Dr. Ö\r\nBcc: x@y.z"))
    let (head, body) = seen.withLock { $0 }
    #expect(head.hasPrefix("POST /emails HTTP/1.1\r\n") && head.contains("\r\nAuthorization: Bearer \(Self.key)\r\n"))
    #expect(head.contains("\r\nIdempotency-Key: id-1\r\n") && head.contains("\r\nContent-Type: application/json\r\n"))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    #expect(json["from"] as? String == "\"Zoë \\\"Health\\\"\" <doctors@example.org>")
    #expect(json["to"] as? [String] == ["a@example.net"] && json["subject"] as? String == "Dr. Ö Bcc: x@y.z")
    #expect(json["text"] as? String == "Hello\n" && json["html"] as? String == "<p>Hello</p>\n")
    #expect(
      json["headers"] as? [String: String] == [
        "List-Id": "Doctors on duty <doctors-on-duty.example.org>", "Auto-Submitted": "auto-generated",
        "List-Unsubscribe":
          "<https://doctors.example.org/unsubscribe/7-email-3f>, <mailto:doctors@example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      ])
    #expect(json.count == 6)
  }

  @Test(
    "an answer's status says whether to try again, whom to ask, or that it is over",
    arguments: [
      ("200 OK", "", nil), ("202 Accepted", "x", nil), ("400 Bad Request", #"{"name":"validation_error"}"#, .refused),
      ("422 Unprocessable", "{", .refused), ("413 Too Large", "", .refused), ("401 Unauthorized", "", .configuration),
      ("403 Forbidden", #"{"name":"validation_error","message":"a@example.net"}"#, .configuration),
      ("402 Payment Required", "", .configuration), ("404 Not Found", "", .configuration),
      ("302 Found", "", .configuration), ("429 Too Many", #"{"name": "rate_limit_exceeded"}"#, .temporary),
      ("408 Timeout", "", .temporary), ("500 Error", "", .temporary), ("503 Away", "\0\u{FF}", .temporary),
      ("409 Conflict", #"{"name":"concurrent_idempotent_requests"}"#, .temporary),
      ("409 Conflict", #"{"name":"invalid_idempotent_request"}"#, nil),
    ] as [(String, String, ChannelError.Code?)])
  func statuses(status: String, body: String, code: ChannelError.Code?) async throws {
    #expect(try await Self.error(status, body)?.code == code)
  }

  @Test("what a busy API asks to wait is waited, in seconds or until a date, a day at most")
  func waits() async throws {
    #expect(try await Self.error("429 Too Many", headers: ["Retry-After: 120"])?.retryAfter == .seconds(120))
    #expect(try await Self.error("503 Away", headers: ["Retry-After: 99999999"])?.retryAfter == .seconds(86_400))
    #expect(
      try await Self.error(
        "503 Away", headers: ["Retry-After: Wed, 25 Nov 2026 19:16:25 GMT"])?.retryAfter == .seconds(60))
    #expect(try await Self.error("429 Too Many", headers: ["Retry-After: soon"])?.retryAfter == nil)
    #expect(try await Self.error("401 No", headers: ["Retry-After: 5"])?.retryAfter == nil)
  }

  @Test("the error's name is told, nothing else of an answer")
  func told() async throws {
    let error = try await Self.error("429 Too Many", #"{"name":"daily_quota_exceeded","message":"to a@example.net"}"#)
    #expect(error?.message.hasSuffix("/emails answered 429, daily_quota_exceeded") == true)
    #expect(try await Self.error("429 Too Many", #"{"name":"a@example.net"}"#)?.message.hasSuffix("429") == true)
  }

  @Test("an answer without end is not read to its end, and its status stands")
  func large() async throws {
    let long = String(repeating: "x", count: 200_000)
    #expect(try await Self.error("200 OK", long) == nil)
    #expect(try await Self.error("401 No", long)?.code == .configuration)
  }

  @Test("an API that says nothing, or is not there, costs no more than the timeout")
  func silent() async throws {
    let server = try LoopbackServer { _ in .init(bytes: [], hangs: true) }
    defer { server.stop() }
    for url in [server.url, "http://127.0.0.1:9/"] {
      let channel = try Self.channel(url, timeout: .milliseconds(500))
      let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message()) }
      #expect(error?.code == .temporary && error?.message.contains(Self.key) == false)
    }
  }

  @Test("a recipient that is none is not asked about", arguments: ["a@b.c\r\nx", "a b@c.d", "", "\u{e9}@b.c"])
  func recipients(recipient: String) async throws {
    let channel = try Self.channel("http://127.0.0.1:9/")
    let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message(to: recipient)) }
    #expect(error?.code == .refused)
  }

  @Test(
    "URLs of no mail API are refused, and none is repeated",
    arguments: [
      "http://api.example/emails", "https://u:hush@api.example/", "https://api.example/?key=hush", "ftp://api.example/",
      "api.example", "", "https://api.example/#hush", "https://api.example/ hush",
    ])
  func refusedURLs(url: String) {
    let refusal = #expect(throws: MailAPI.Refusal.self) { try MailAPI(url: url, key: Redacted(Self.key)) }
    #expect(refusal?.description.contains("hush") == false)
  }
}

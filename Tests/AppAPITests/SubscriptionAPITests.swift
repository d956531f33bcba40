import AppAPI
import AppDomain
import AppStore
import Foundation
import HTTPService
import Synchronization
import TestSupport
import Testing

struct SubscriptionAPITests {
  private struct Tokens: UnsubscribeTokens {
    func token(for subscriber: Int64, channel: NotificationChannel) -> String { "\(subscriber)-good" }
    func read(_ token: String) -> (subscriber: Int64, channel: NotificationChannel)? {
      guard token.hasSuffix("-good"), let id = Int64(token.dropLast(5)) else { return nil }
      return (id, .email)
    }
  }

  private struct Service {
    var port: Int
    var store: SQLiteScheduleStore

    struct Answer {
      var status: Int
      var head: String
      var body: String
      var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
      }
    }

    func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> Answer {
      let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
      let request =
        "POST \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
      let text = String(decoding: try await WireClient.exchange(Array(request.utf8), port: port), as: UTF8.self)
      let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      let end = try #require(text.range(of: "\r\n\r\n"))
      return Answer(
        status: try #require(status), head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
    }
  }

  private static func run(
    tokens: (any UnsubscribeTokens)? = Tokens(), limit: RequestLimit = RequestLimit { 0 },
    _ body: @Sendable (Service) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let store = try SQLiteScheduleStore(path: directory + "/test.sqlite")
      let router = ServiceRouter.make()
      SubscriptionAPI(store: store, tokens: tokens, limit: limit, now: { 1 }).addRoutes(to: router)
      try await withServer(router) { port in try await body(Service(port: port, store: store)) }
    }
  }

  @Test("subscribing and leaving answer as the first version of the service did")
  func contract() async throws {
    try await Self.run { service in
      let created = try await service.post("/subscribe", #"{"email":" A@Example.org "}"#)
      #expect(
        created.body == #"{"status":"success","message":"Subscription created","subscription_id":1}"#, "\(created.body)"
      )
      let again = try await service.post("/subscribe", #"{"email":"a@example.org","push_subscription":null}"#)
      #expect(again.body == #"{"status":"success","message":"Subscription updated","subscription_id":1}"#)
      let push = try await service.post(
        "/subscribe", #"{"push_subscription":{"endpoint":"https://push.example/1","keys":{"auth":"x","p256dh":"y"}}}"#)
      #expect(push.object["subscription_id"] as? Int == 2)
      #expect(try await service.store.activeAddresses() == [.email: 1, .webPush: 1])
      let left = try await service.post("/unsubscribe", #"{"email":"A@example.org"}"#)
      #expect(left.status == 200 && left.body == #"{"status":"success","message":"Unsubscribed successfully"}"#)
      #expect(try await service.post("/unsubscribe", #"{"subscription_id":2}"#).status == 200)
      #expect(try await service.store.activeAddresses().isEmpty)
      #expect(try await service.post("/unsubscribe", #"{"subscription_id":77}"#).status == 404)
      #expect(try await service.post("/unsubscribe", #"{"email":"nobody@example.org"}"#).status == 404)
    }
  }

  @Test(
    "bodies that are none are refused, each with what was expected",
    arguments: [
      ("/subscribe", "{}", 400), ("/unsubscribe", "{}", 400), ("/subscribe", #"{"email":null}"#, 400),
      ("/subscribe", #"{"email":""}"#, 400), ("/subscribe", "", 422), ("/subscribe", "[]", 422),
      ("/subscribe", "{", 422),
      ("/subscribe", #"{"email":"a@b.c\r\nBcc: x@y.z"}"#, 422), ("/subscribe", #"{"email":["a@b.c"]}"#, 422),
      ("/subscribe", #"{"email":"not an address"}"#, 422), ("/subscribe", #"{"email":7}"#, 422),
      ("/subscribe", #"{"push_subscription":"x"}"#, 422), ("/subscribe", #"{"push_subscription":{}}"#, 422),
      ("/subscribe", #"{"push_subscription":{"endpoint":"http://push.example/1"}}"#, 422),
      ("/subscribe", #"{"push_subscription":{"endpoint":"https://p/ \n"}}"#, 422),
      ("/unsubscribe", #"{"subscription_id":"1"}"#, 422), ("/unsubscribe", #"{"subscription_id":1.5}"#, 422),
      ("/unsubscribe", #"{"subscription_id":true}"#, 422), ("/unsubscribe", #"{"subscription_id":1e30}"#, 422),
    ])
  func refused(path: String, body: String, status: Int) async throws {
    try await Self.run { service in
      let answer = try await service.post(path, body)
      #expect(answer.status == status, "\(answer.body)")
      #expect((answer.object["detail"] as? String)?.isEmpty == false)
      #expect(try await service.store.activeAddresses().isEmpty)
    }
  }

  @Test("a body beyond the bound is refused, also one nested deep")
  func large() async throws {
    try await Self.run { service in
      let long = #"{"email":"a@example.org","x":"\#(String(repeating: "x", count: 20_000))"}"#
      let tooLong = try await service.post("/subscribe", long)
      #expect(tooLong.status == 413)
      let deep = #"{"email":"a@example.org","x":"# + String(repeating: "[", count: 8_000)
      let nested = try await service.post("/subscribe", deep)
      #expect(nested.status == 422)
      let details = String(repeating: "y", count: 5_000)
      let push = #"{"push_subscription":{"endpoint":"https://push.example/1","keys":"\#(details)"}}"#
      let bulky = try await service.post("/subscribe", push)
      #expect(bulky.status == 422)
    }
  }

  @Test("the link in a mail asks people, and takes a mail program's one click")
  func oneClick() async throws {
    try await Self.run { service in
      _ = try await service.post("/subscribe", #"{"email":"a@example.org"}"#)
      let page = try await WireClient.send("GET", "/unsubscribe/1-good", port: service.port)
      #expect(page.status == 200 && page.body.contains("<form method=\"post\">"))
      #expect(page.headers["content-type"] == "text/html; charset=utf-8" && page.headers["cache-control"] == "no-store")
      #expect(try await service.store.activeAddresses() == [.email: 1], "following the link changes nothing")
      let click = try await service.post(
        "/unsubscribe/1-good", "List-Unsubscribe=One-Click",
        headers: ["Content-Type": "application/x-www-form-urlencoded"])
      #expect(click.status == 200)
      #expect(try await service.store.activeAddresses().isEmpty)
      #expect(
        try await service.post("/unsubscribe/1-good", "List-Unsubscribe=One-Click").status == 200, "twice is fine")
      for token in ["1-bad", "2-good", "%3Cscript%3E", "..%2f"] {
        let answer = try await service.post("/unsubscribe/\(token)", "List-Unsubscribe=One-Click")
        #expect(answer.status == 404 && !answer.body.contains("script"))
      }
      #expect(try await WireClient.send("GET", "/unsubscribe/1-bad", port: service.port).status == 404)
    }
    try await Self.run(tokens: nil) { service in
      let answer = try await service.post("/unsubscribe/1-good", "")
      #expect(answer.status == 404)
    }
  }

  @Test("one client can't ask without end, nor all together; others still can, and time makes room")
  func limits() async throws {
    let time = Mutex(0.0)
    let limit = RequestLimit(
      perClient: .init(burst: 3, perMinute: 6), overall: .init(burst: 5, perMinute: 600), now: { time.withLock { $0 } })
    #expect((0..<4).map { _ in limit.admit(client: "1.2.3.4") } == [nil, nil, nil, 10])
    #expect((0..<3).map { _ in limit.admit(client: nil) } == [nil, nil, 1])
    time.withLock { $0 = 1 }
    #expect(limit.admit(client: "4.3.2.1") == nil && limit.admit(client: "1.2.3.4") == 9)
    time.withLock { $0 = -100 }
    #expect(limit.admit(client: "1.2.3.4") != nil, "a clock that is set back makes no room")
    try await Self.run(limit: RequestLimit(perClient: .init(burst: 1, perMinute: 1)) { 0 }) { service in
      let header = ["X-Forwarded-For": "6.6.6.6, 1.1.1.1"]
      #expect(try await service.post("/subscribe", #"{"email":"a@example.org"}"#, headers: header).status == 200)
      let second = try await service.post(
        "/unsubscribe", #"{"email":"a@example.org"}"#, headers: ["X-Forwarded-For": "7.7.7.7, 1.1.1.1"])
      #expect(second.status == 429 && second.head.lowercased().contains("retry-after: 60"))
      #expect(try await service.post("/subscribe", #"{"email":"b@example.org"}"#).status == 200)
    }
  }
}

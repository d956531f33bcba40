import AppAPI
import AppDomain
import AppStore
import Foundation
import HTTPService
import Secrets
import Synchronization
import TestSupport
import Testing

struct SubscriptionAPITests {
  @Test("subscribing and leaving answer as the first version of the service did; an endpoint's number is its secret")
  func contract() async throws {
    let links = SubscriptionsUnderTest.Links()
    try await SubscriptionsUnderTest.run(links: links) { service in
      let push = #""push_subscription":{"endpoint":"https://push.example/1","keys":{"auth":"x","p256dh":"y"}}"#
      let created = try await service.post("/subscribe", "{\(push)}")
      let mine = try #require(created.object["subscription_id"] as? Int)
      #expect(
        created.body == #"{"status":"success","message":"Subscription created","subscription_id":\#(mine)}"#)
      let again = try await service.post("/subscribe", #"{"email":null,\#(push)}"#)
      #expect(again.body == #"{"status":"success","message":"Subscription updated","subscription_id":\#(mine)}"#)
      let both = try await service.post("/subscribe", #"{"email":"a@example.org",\#(push)}"#)
      #expect(both.body == again.body)
      #expect(try await service.store.activeAddresses() == [.webPush: 1])
      let id = try #require(try await service.store.takeUnasked(limit: 1, at: 1).first?.id)
      #expect(try await service.post("/confirm/\(id)-yes", "").status == 200)
      #expect(try await service.store.activeAddresses() == [.email: 1, .webPush: 1])
      for number in [1, 2, 3, 77] {
        #expect(try await service.post("/unsubscribe", #"{"subscription_id":\#(number)}"#).status == 404)
      }
      #expect(
        try await service.store.activeAddresses() == [.email: 1, .webPush: 1], "counting and guessing remove nobody")
      let left = try await service.post("/unsubscribe", #"{"subscription_id":\#(mine)}"#)
      #expect(left.status == 200 && left.body == #"{"status":"success","message":"Unsubscribed successfully"}"#)
      #expect(try await service.store.activeAddresses().isEmpty, "on both channels")
      #expect(links.asked.withLock { $0 }.isEmpty && service.questions() == 1)
    }
  }

  @Test("nobody is told of duties before the owner of the address has said so, by a button behind a link")
  func doubleOptIn() async throws {
    try await SubscriptionsUnderTest.run { service in
      let asked = try await service.post("/subscribe", #"{"email":" A@Example.org "}"#)
      #expect(asked.status == 200 && service.questions() == 1)
      #expect(try await service.store.activeAddresses().isEmpty)
      let question = try #require(try await service.store.takeUnasked(limit: 1, at: 1).first)
      #expect(question.email.text == "a@example.org")
      let page = try await WireClient.send("GET", "/confirm/\(question.id)-yes", port: service.port)
      #expect(page.status == 200 && page.body.contains("<form method=\"post\"><button>"))
      #expect(page.headers["content-type"] == "text/html; charset=utf-8" && page.headers["cache-control"] == "no-store")
      #expect(page.headers["content-security-policy"]?.contains("form-action 'self'") == true)
      #expect(!page.body.contains("example.org"), "who has the link alone learns no address")
      #expect(try await service.store.activeAddresses().isEmpty, "following the link changes nothing")
      for token in ["\(question.id)-no", "\(question.id + 1)-yes", "%3Cscript%3E", "..%2f"] {
        let answer = try await service.post("/confirm/\(token)", "")
        #expect(answer.status == 404 && !answer.body.contains("script"))
      }
      #expect(try await WireClient.send("GET", "/confirm/1-no", port: service.port).status == 404)
      for _ in 0..<2 {
        let confirmed = try await service.post("/confirm/\(question.id)-yes", "")
        #expect(confirmed.status == 200 && !confirmed.body.contains("<form"))
        #expect(try await service.store.activeAddresses() == [.email: 1])
      }
    }
  }

  @Test("a link that has expired confirms nothing, and its page says what to do")
  func expired() async throws {
    let time = Mutex(1.0)
    let now: @Sendable () -> Double = { time.withLock { $0 } }
    try await SubscriptionsUnderTest.run(now: now) { service in
      _ = try await service.post("/subscribe", #"{"email":"a@example.org"}"#)
      let id = try #require(try await service.store.takeUnasked(limit: 1, at: 1).first?.id)
      time.withLock { $0 = 100_000 }
      let page = try await WireClient.send("GET", "/confirm/\(id)-yes", port: service.port)
      #expect(page.status == 404 && page.body.contains("Subscribe once more"))
      #expect(try await service.post("/confirm/\(id)-yes", "").status == 404)
      #expect(try await service.store.activeAddresses().isEmpty)
    }
  }

  @Test("no answer tells a stranger whether an address is known, nor do many")
  func nothingShows() async throws {
    let time = Mutex(1.0)
    let links = SubscriptionsUnderTest.Links()
    let now: @Sendable () -> Double = { time.withLock { $0 } }
    try await SubscriptionsUnderTest.run(links: links, now: now) { service in
      _ = try await service.confirmed("a@example.org")
      var answers: [[String]] = []
      for name in ["a", "b"] {
        var told: [String] = []
        var numbers: Set<Int> = []
        let body = #"{"email":"\#(name)@example.org"}"#
        for moment in [2.0, 3, 200_000] {
          time.withLock { $0 = moment }
          let answer = try await service.post("/subscribe", body)
          let number = try #require(answer.object["subscription_id"] as? Int)
          numbers.insert(number)
          told.append("\(answer.status) \(answer.body.replacing("\(number)", with: "n"))")
          let leaving = try await service.post("/unsubscribe", #"{"subscription_id":\#(number)}"#)
          told.append("\(leaving.status) \(leaving.body)")
          if let question = try await service.store.takeUnasked(limit: 1, at: moment).first {
            try await service.store.finish(question, .sent, at: moment)
          }
        }
        answers.append(told)
        #expect(numbers.count == 1, "the same after it was forgotten")
        time.withLock { $0 = 2 }
      }
      #expect(answers[0] == answers[1])
      #expect(try await service.store.activeAddresses() == [.email: 1])
      #expect(links.asked.withLock { $0 } == ["#1", "#1", "#1"])
    }
  }

  @Test("who asks to leave by an address gets the same answer, known or not, and the address a link")
  func byAddress() async throws {
    let links = SubscriptionsUnderTest.Links()
    try await SubscriptionsUnderTest.run(links: links) { service in
      let subscriber = try await service.confirmed("a@example.org")
      let known = try await service.post("/unsubscribe", #"{"email":"A@example.org"}"#)
      let unknown = try await service.post("/unsubscribe", #"{"email":"nobody@example.org"}"#)
      #expect(known.status == 200 && unknown.status == 200 && known.body == unknown.body)
      #expect(known.object["status"] as? String == "success")
      #expect(try await service.store.activeAddresses() == [.email: 1])
      #expect(links.asked.withLock { $0 } == ["a@example.org", "nobody@example.org"])
      let byToken = try await service.post("/unsubscribe", #"{"subscription_id":1,"token":"\#(subscriber)-good"}"#)
      #expect(byToken.status == 200 && byToken.object["message"] as? String == "Unsubscribed successfully")
      #expect(try await service.post("/unsubscribe", #"{"subscription_id":1,"token":"1-bad"}"#).status == 404)
      #expect(try await service.store.activeAddresses().isEmpty)
    }
  }

  @Test("the subscriber numbers are JavaScript's, and none is near another")
  func numbers() {
    let many = (0..<1_000).map { _ in SubscriberNumbers.random() }
    #expect(many.allSatisfy { $0.secret < 1 << 52 && $0.claim < (1 << 53) - 1 && $0.claim >= 1 << 52 })
    #expect(Set(many.map(\.secret)).count == 1_000)
    #expect(many.count { $0.secret > 1 << 48 } > 800, "of 52 bits, most have more than 48")
  }

  @Test("there are no more subscribers than the bound; whose endpoint is known may come again, who left makes room")
  func bound() async throws {
    try await SubscriptionsUnderTest.run(subscribers: 2) { service in
      func push(_ number: Int) -> String { #"{"push_subscription":{"endpoint":"https://push.example/\#(number)"}}"# }
      let first = try await service.post("/subscribe", push(1))
      _ = try await service.confirmed("b@example.org")
      let third = try await service.post("/subscribe", push(3))
      #expect(third.status == 503 && third.head.lowercased().contains("retry-after:"))
      #expect(try await service.post("/subscribe", push(1)).status == 200)
      for name in ["b", "c"] {
        let answer = try await service.post("/subscribe", #"{"email":"\#(name)@example.org"}"#)
        #expect(answer.status == 503, "known or not")
      }
      let mine = try #require(first.object["subscription_id"] as? Int)
      _ = try await service.post("/unsubscribe", #"{"subscription_id":\#(mine)}"#)
      #expect(try await service.post("/subscribe", push(3)).status == 200)
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
    try await SubscriptionsUnderTest.run { service in
      let answer = try await service.post(path, body)
      #expect(answer.status == status, "\(answer.body)")
      #expect((answer.object["detail"] as? String)?.isEmpty == false)
      #expect(try await service.store.activeAddresses().isEmpty && service.questions() == 0)
    }
  }

  @Test("a body beyond the bound is refused, also one nested deep")
  func large() async throws {
    try await SubscriptionsUnderTest.run { service in
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
    try await SubscriptionsUnderTest.run { service in
      #expect(try await service.confirmed("a@example.org") == 1)
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
    try await SubscriptionsUnderTest.run(tokens: nil) { service in
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
    // The test's own address is a proxy's: its word on the last address is believed, the client's own words are not.
    try await SubscriptionsUnderTest.run(joining: RequestLimit(perClient: .init(burst: 1, perMinute: 1)) { 0 }) {
      service in
      let header = ["X-Forwarded-For": "6.6.6.6, 1.1.1.1"]
      #expect(try await service.post("/subscribe", #"{"email":"a@example.org"}"#, headers: header).status == 200)
      let second = try await service.post(
        "/subscribe", #"{"email":"a@example.org"}"#, headers: ["X-Forwarded-For": "7.7.7.7, 1.1.1.1"])
      #expect(second.status == 429 && second.head.lowercased().contains("retry-after: 60"))
      let leaving = try await service.post("/unsubscribe", #"{"email":"a@example.org"}"#, headers: header)
      #expect(leaving.status == 200, "who can't join any more can leave")
      #expect(try await service.post("/subscribe", #"{"email":"b@example.org"}"#).status == 200)
    }
  }
}

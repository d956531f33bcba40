import AppDomain
import AppStore
import Testing

struct SubscriptionV1Tests {
  private static let push =
    #""push_subscription":{"endpoint":"https://push.example/1","keys":{"auth":"x","p256dh":"y"}}"#

  /// A browser that is subscribed; its token.
  private static func browser(
    _ service: SubscriptionsUnderTest.Service, _ more: String = ""
  ) async throws -> String {
    let answer = try await service.post("/v1/subscriptions", "{\(push)\(more)}")
    #expect(answer.status == 201 && answer.head.lowercased().contains("cache-control: private, no-store"))
    #expect(answer.object["confirm_by_mail"] as? Bool == false)
    return try #require(answer.object["token"] as? String)
  }

  private static func fill(_ store: SQLScheduleStore) async throws {
    let duties = ["Dr. A. Kumar, MBBS", "Dr. B"].map { Duty(category: .regular, name: $0, timing: "09:00-12:00") }
    let date = try #require(CalendarDay(iso8601: "2026-11-23"))
    _ = try await store.replace([ScheduleDay(date: date, sheet: "23/11/2026 MONDAY", duties: duties)], at: 1)
  }

  @Test("a browser's token shows, changes and deletes what is its own")
  func journey() async throws {
    try await SubscriptionsUnderTest.run { service in
      try await Self.fill(service.store)
      let token = try await Self.browser(service, #","lead_minutes":30,"doctors":["dr-a-kumar"]"#)
      let path = "/v1/subscriptions/\(token)"
      let shown = try await service.ask("GET", path)
      #expect(
        shown.body
          == #"{"lead_minutes":30,"doctors":["dr-a-kumar"],"category":null,"digest":false,"channels":{"web_push":true},"#
          + #""created_at":"1970-01-01T00:00:01.000Z"}"#)
      #expect(try await Self.browser(service) == token, "the same endpoint is the same subscriber")
      let changed = try await service.ask(
        "PATCH", path,
        #"{"doctors":null,"category":"visiting","digest":true,"channels":{"web_push":false,"email":true}}"#)
      #expect(changed.status == 200)
      #expect(
        changed.body
          == #"{"lead_minutes":30,"doctors":null,"category":"visiting","digest":true,"channels":{"web_push":false},"#
          + #""created_at":"1970-01-01T00:00:01.000Z"}"#)
      #expect(try await service.store.activeAddresses().isEmpty)
      let export = try await service.ask("GET", path + "/export")
      #expect(export.head.lowercased().contains("content-disposition: attachment"))
      let addresses = try #require(export.object["addresses"] as? [[String: Any]])
      #expect(addresses.map { $0["address"] as? String } == ["https://push.example/1"])
      #expect((export.object["messages"] as? [Any])?.isEmpty == true)
      #expect(try await service.ask("DELETE", path).status == 200)
      for method in ["GET", "PATCH", "DELETE"] {
        #expect(try await service.ask(method, path, method == "PATCH" ? "{}" : "").status == 404, "\(method)")
      }
      #expect(try await Self.browser(service) != token, "who comes back is somebody new")
    }
  }

  @Test("who comes by mail says what they want to be told of beforehand; it holds from their confirmation on")
  func byMail() async throws {
    try await SubscriptionsUnderTest.run { service in
      try await Self.fill(service.store)
      let asked = try await service.post(
        "/v1/subscriptions",
        #"{"email":"a@example.org","lead_minutes":5,"doctors":["dr-b"],"category":"regular","digest":true}"#)
      #expect(asked.status == 202 && asked.body == #"{"token":null,"confirm_by_mail":true}"#)
      #expect(service.questions() == 1)
      let id = try #require(try await service.store.takeUnasked(limit: 1, at: 1).first?.id)
      #expect(try await service.post("/confirm/\(id)-yes", "").status == 200)
      let subscriber = try #require(try await service.store.subscriber(of: .email, address: "a@example.org"))
      let token = try #require(try await service.store.token(of: subscriber))
      let profile = try #require(try await service.store.profile(token))
      #expect(
        profile.interest
          == DutyInterest(
            lead: 5, doctors: .chosen([try #require(DoctorKey(id: "dr-b"))]), category: .regular, wantsDigest: true))
      // Whoever brings an address that is told already changes nothing of it, and learns nothing.
      let again = try await service.post("/v1/subscriptions", #"{"email":"a@example.org","lead_minutes":180}"#)
      #expect(again.body == asked.body && again.status == asked.status)
      #expect(try await service.store.profile(token) == profile)
    }
  }

  @Test(
    "what can't be meant is refused, with what was expected, and changes nothing",
    arguments: [
      (#"{"lead_minutes":4}"#, "lead_minutes: 5 to 180 minutes were expected"),
      (#"{"lead_minutes":true}"#, "lead_minutes: 5 to 180 minutes were expected"),
      (#"{"lead_minutes":null}"#, "lead_minutes: 5 to 180 minutes were expected"),
      (#"{"lead_minutes":1e99}"#, "lead_minutes: 5 to 180 minutes were expected"),
      (#"{"digest":1}"#, "digest: true or false was expected"),
      (#"{"category":"dentist"}"#, "category: regular, visiting or null was expected"),
      (#"{"category":""}"#, "category: regular, visiting or null was expected"),
      (#"{"doctors":[]}"#, "doctors: 1 to 100 ids of /v1/doctors were expected, or null for all"),
      (#"{"doctors":"dr-b"}"#, "doctors: 1 to 100 ids of /v1/doctors were expected, or null for all"),
      (#"{"doctors":["..."]}"#, "doctors: 1 to 100 ids of /v1/doctors were expected, or null for all"),
      (#"{"doctors":["dr-b","dr-x"]}"#, "doctors: dr-x is no id of /v1/doctors"),
      (#"{"channels":{"pigeon":true}}"#, "channels: true or false by channel was expected"),
      (#"{"channels":{"email":"yes"}}"#, "channels: true or false by channel was expected"),
      (#"{"lead":5}"#, "lead: only lead_minutes, doctors, category, digest, channels were expected"),
      (#"[]"#, "body: a JSON object was expected"), ("", "body: a JSON object was expected"),
    ])
  func refused(body: String, expected: String) async throws {
    try await SubscriptionsUnderTest.run { service in
      try await Self.fill(service.store)
      let path = "/v1/subscriptions/" + (try await Self.browser(service))
      let before = try await service.ask("GET", path).body
      let answer = try await service.ask("PATCH", path, body)
      #expect(answer.status == 422)
      #expect((answer.object["detail"] as? String)?.hasPrefix(expected) == true, "\(answer.body)")
      #expect(try await service.ask("GET", path).body == before)
    }
  }

  @Test("a token that is nobody's opens nothing")
  func strangers() async throws {
    try await SubscriptionsUnderTest.run { service in
      _ = try await Self.browser(service)
      for token in ["x", "1", String(repeating: "A", count: 22), String(repeating: "%00", count: 22), "..%2f.."] {
        #expect(try await service.ask("GET", "/v1/subscriptions/\(token)").status == 404)
        #expect(try await service.ask("GET", "/v1/subscriptions/\(token)/export").status == 404)
      }
      #expect(try await service.post("/v1/subscriptions", "{}").status == 422)
      #expect(
        try await service.post("/v1/subscriptions", #"{"channels":{"email":true},"email":"a@b.org"}"#).status == 422)
    }
  }

  @Test("what people can be told by is said, with the key that browsers subscribe with")
  func channels() async throws {
    try await SubscriptionsUnderTest.run { service in
      let answer = try await service.ask("GET", "/v1/channels")
      #expect(answer.body == #"{"channels":["email","web_push"],"push_public_key":"BKey"}"#)
    }
  }
}

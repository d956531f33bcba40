import AppDomain
import AppStore
import Testing

struct SubscriptionPageTests {
  private static func subscriber(_ service: SubscriptionsUnderTest.Service) async throws -> SubscriberToken {
    let duties = ["Dr. A. Kumar, MBBS", "Dr. <img src=x onerror=alert(1)>", "Dr. \u{202E}B"].map {
      Duty(category: .regular, name: $0, timing: "09:00-12:00")
    }
    let date = try #require(CalendarDay(iso8601: "2026-11-23"))
    _ = try await service.store.replace([ScheduleDay(date: date, sheet: "23/11/2026 MONDAY", duties: duties)], at: 1)
    let id = try await service.confirmed("a@example.org")
    return try #require(try await service.store.token(of: id))
  }

  @Test("the page shows what somebody is told of, without running anything, and a form without a script changes it")
  func form() async throws {
    try await SubscriptionsUnderTest.run { service in
      let token = try await Self.subscriber(service)
      let path = "/subscription/\(token.text)"
      let page = try await service.ask("GET", path)
      #expect(page.status == 200 && page.head.contains("default-src 'none'"))
      #expect(!page.body.contains("role=\"status\"") && !page.body.contains("nil"))
      #expect(page.body.contains("by mail to a…@example.org") && !page.body.contains("a@example.org"))
      #expect(page.body.contains(#"value="dr-a-kumar"><bdi>Dr. A. Kumar</bdi>"#))
      #expect(!page.body.contains("<img") && page.body.contains("&lt;img"))
      let saved = try await service.post(
        path, "channel=email&lead_minutes=20&digest=yes&category=regular&whom=chosen&doctor=dr-a-kumar&do=save")
      #expect(saved.body.contains("Saved.") && saved.body.contains(#"value="dr-a-kumar" checked"#))
      let key = try #require(DoctorKey(id: "dr-a-kumar"))
      #expect(
        try await service.store.profile(token)?.interest
          == DutyInterest(lead: 20, doctors: .chosen([key]), category: .regular, wantsDigest: true))
      let everything = try await service.post(path, "lead_minutes=60&category=&whom=all&doctor=dr-a-kumar&do=save")
      #expect(everything.status == 200)
      #expect(try await service.store.profile(token)?.interest == DutyInterest())
      #expect(try await service.store.activeAddresses().isEmpty, "the channel's tick was taken away")
    }
  }

  @Test(
    "what the form can't have sent changes nothing",
    arguments: [
      "lead_minutes=4&category=&do=save", "category=&do=save", "lead_minutes=60&category=x&do=save",
      "lead_minutes=60&category=&whom=chosen&do=save", "do=else", "", "lead_minutes=%FF&category=%00&do=save",
    ])
  func refused(body: String) async throws {
    try await SubscriptionsUnderTest.run { service in
      let token = try await Self.subscriber(service)
      let before = try await service.store.profile(token)
      #expect(try await service.post("/subscription/\(token.text)", body).status == 200)
      #expect(try await service.store.profile(token) == before)
    }
  }

  @Test("who wants nothing more is told of nothing, and who wants to be forgotten is")
  func leaving() async throws {
    try await SubscriptionsUnderTest.run { service in
      let token = try await Self.subscriber(service)
      let path = "/subscription/\(token.text)"
      #expect(try await service.post(path, "lead_minutes=60&category=&do=leave").body.contains("nothing more"))
      #expect(try await service.store.activeAddresses().isEmpty)
      #expect(try await service.post(path, "channel=email&lead_minutes=60&category=&do=save").status == 200)
      #expect(try await service.store.activeAddresses() == [.email: 1])
      #expect(try await service.post(path, "do=delete").body.contains("deleted"))
      #expect(try await service.store.profile(token) == nil)
      #expect(try await service.ask("GET", path).status == 404)
      #expect(try await service.post(path, "do=save").status == 404)
    }
  }
}

import AppDomain
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import AppAPI

struct V1APITests {
  /// Monday 23 and Tuesday 24 November 2026, as `ServiceUnderTest.week`; the service's clock stands at Tuesday 05:58.
  private static func names(_ response: WireResponse) -> [String] {
    (response.object["data"] as? [[String: Any]] ?? []).compactMap { $0["doctor"] as? String }
  }

  @Test("a duty has ISO times with their offset, a name without its qualification, and its day's last change")
  func body() async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/v1/schedules?date=2026-11-24")
      #expect(response.status == 200 && response.headers["content-type"] == "application/json")
      #expect(
        response.body == """
          {"count":1,"data":[{"id":3,"date":"2026-11-24","start":"2026-11-24T20:00:00+05:30",\
          "end":"2026-11-25T08:00:00+05:30","timing":"20:00-08:00","doctor":"Dr. C","doctor_id":"dr-c",\
          "qualification":null,"speciality":null,"category":"regular","shift":null,"room":"1",\
          "updated_at":"2026-11-24T00:27:41.500Z"}],"days":[{"date":"2026-11-24",\
          "changed_at":"2026-11-24T00:27:41.500Z"}],"next_cursor":null}
          """)
    }
  }

  @Test(
    "what is asked for together is true together; without a day it is from today on",
    arguments: [
      ("", ["Dr. C"]), ("date=today", ["Dr. C"]), ("date=tomorrow", []), ("date=2026-11-23", ["Dr. \"A\"", "Dr. B"]),
      ("from=2026-11-23", ["Dr. \"A\"", "Dr. B", "Dr. C"]), ("to=2026-11-23", ["Dr. \"A\"", "Dr. B"]),
      ("from=2026-11-24&to=2026-11-23", []), ("date=2026-11-23&from=2026-11-24", []),
      ("from=2026-11-01&category=visiting", ["Dr. B"]), ("from=2026-11-01&category=regular", ["Dr. \"A\"", "Dr. C"]),
      ("from=2026-11-01&doctor=dr-a", ["Dr. \"A\""]), ("from=2026-11-01&doctor=DR%20a", ["Dr. \"A\""]),
      ("from=2026-11-01&doctor=Dr.+%22A%22", ["Dr. \"A\""]), ("from=2026-11-01&doctor=dr", []),
      ("from=2026-11-01&doctor=Dr.%20B&category=regular", []), ("doctor=%00", []),
      // The night's duty lasts until 08:00 of the day after, and not a moment longer.
      ("on_duty_at=2026-11-24T20:00:00%2B05:30", ["Dr. C"]), ("on_duty_at=2026-11-25T07:59:59+05:30", ["Dr. C"]),
      ("on_duty_at=2026-11-25T08:00:00+05:30", []), ("on_duty_at=2026-11-24T19:59:59.9%2B05:30", []),
      ("on_duty_at=2026-11-23T10:00:00Z", ["Dr. B"]), ("on_duty_at=now", []),
      ("on_duty_at=2026-11-24T20:00:00%2B05:30&date=2026-11-23", []),
    ])
  func filters(query: String, expected: [String]) async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/v1/schedules?\(query)")
      #expect(response.status == 200)
      #expect(Self.names(response) == expected)
    }
  }

  @Test(
    "pages follow one another without a gap or a double, whatever their size and filter", arguments: [1, 2, 3, 1_000])
  func pages(size: Int) async throws {
    try await ServiceUnderTest.run { service in
      for filter in ["", "&category=regular", "&on_duty_at=2026-11-24T20:00:00Z", "&doctor=Dr.%20C"] {
        let whole = try await service.get("/v1/schedules?from=2026-11-01\(filter)")
        var read: [String] = []
        var cursor = ""
        for _ in 0..<5 {
          let page = try await service.get("/v1/schedules?from=2026-11-01&limit=\(size)\(filter)\(cursor)")
          #expect(Self.names(page).count <= size)
          read += Self.names(page)
          guard let next = page.object["next_cursor"] as? String else { break }
          cursor = "&cursor=\(next)"
        }
        #expect(read == Self.names(whole), "\(filter)")
      }
    }
  }

  @Test(
    "what can't be read says which parameter and what was expected",
    arguments: [
      ("/v1/schedules?date=23/11/2026", "date: "), ("/v1/schedules?date=", "date: "),
      ("/v1/schedules?date=2026-02-30", "date: "), ("/v1/schedules?date=2026-11-23&date=2026-11-24", "date: "),
      ("/v1/schedules?category=dentist", "category: "), ("/v1/schedules?limit=0", "limit: 1 to 1000"),
      ("/v1/schedules?limit=1001", "limit: "), ("/v1/schedules?limit=%2B5", "limit: "),
      ("/v1/schedules?on_duty_at=2026-11-24T20:00:00", "on_duty_at: "), ("/v1/schedules?on_duty_at=", "on_duty_at: "),
      ("/v1/schedules?cursor=x", "cursor: "), ("/v1/schedules?cursor=1.2", "cursor: "),
      ("/v1/schedules?doctor=", "doctor: "), ("/v1/schedules?Date=today", "the parameter Date: only date, from"),
      ("/v1/doctors?x=1", "the parameter x: none was expected"), ("/v1/changes?since=yesterday", "since: "),
      ("/v1/changes?since=-1", "since: "), ("/v1/calendar.ics?date=today", "the parameter date: only doctor"),
      ("/v1/schedules?" + String(repeating: "a", count: 2_100), "a query of at most 2048"),
    ])
  func refusals(path: String, detail: String) async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get(path)
      #expect(response.status == 422)
      #expect((response.object["detail"] as? String)?.hasPrefix(detail) == true, "\(response.body)")
    }
  }

  @Test("doctors are told once each, however the sheet writes them")
  func doctors() async throws {
    var reading = try ServiceUnderTest.week()
    reading.days[1].duties += [
      Duty(category: .regular, name: "DR. B – MBBS, MS", timing: "08:00-14:00", speciality: "Surgery"),
      Duty(category: .regular, name: "???", timing: "08:00-14:00"),
    ]
    let longer = reading
    try await ServiceUnderTest.run { service in
      service.source.answer(longer)
      _ = try await service.ingest()
      #expect(
        try await service.get("/v1/doctors").body == """
          {"count":3,"data":[\
          {"id":"dr-a","name":"Dr. \\"A\\"","qualification":null,"specialities":[],"categories":["regular"]},\
          {"id":"dr-b","name":"DR. B","qualification":"MBBS, MS","specialities":["Surgery","ENT"],\
          "categories":["regular","visiting"]},\
          {"id":"dr-c","name":"Dr. C","qualification":null,"specialities":[],"categories":["regular"]}]}
          """)
      let both = try await service.get("/v1/schedules?from=2026-11-01&doctor=dr-b")
      #expect(Self.names(both) == ["Dr. B", "DR. B"])
      let nameless = try await service.get("/v1/schedules?doctor=%3F%3F%3F")
      #expect(nameless.object["count"] as? Int == 0)
    }
  }

  @Test("changes are read on from the last that is known, or from a moment")
  func changes() async throws {
    try await ServiceUnderTest.run { service in
      var reading = try ServiceUnderTest.week()
      reading.days[1].duties[0].timing = "21:00-08:00"
      service.source.answer(reading)
      _ = try await service.ingest()
      let first = try await service.get("/v1/changes?limit=3").object
      #expect(first["count"] as? Int == 3 && first["has_more"] as? Bool == true)
      let last = try #require((first["data"] as? [[String: Any]])?.last?["id"] as? Int)
      let next = try await service.get("/v1/changes?since=\(last)").object
      let change = try #require((next["data"] as? [[String: Any]])?.first)
      #expect(next["count"] as? Int == 1 && next["has_more"] as? Bool == false)
      #expect(change["kind"] as? String == "moved" && change["start"] as? String == "2026-11-24T21:00:00+05:30")
      #expect((change["previous"] as? [String: Any])?["start"] as? String == "2026-11-24T20:00:00+05:30")
      let all = try await service.get("/v1/changes?since=2026-11-24T00:27:41.5Z").object
      #expect(all["count"] as? Int == 4)
      #expect(try await service.get("/v1/changes?since=2026-11-24T00:27:42Z").object["count"] as? Int == 0)
    }
  }

  @Test("while the store is away the last answers serve, and say so; others are 503")
  func stale() async throws {
    let store = Switched()
    try await ServiceUnderTest.run(store: store) { service in
      let fresh = try await service.get("/schedules")
      #expect(fresh.status == 200 && fresh.headers["age"] == nil)
      store.break()
      service.clock.advance(by: 400)
      for age in ["400", "400"] {
        let stale = try await service.get("/schedules")
        #expect(stale.status == 200 && stale.body == fresh.body)
        #expect(stale.headers["age"] == age)
        #expect(stale.headers["cache-status"] == #"outgrown; fwd=stale; detail="the store is away""#)
      }
      #expect(try await service.get("/schedules?date=1").status == 503)
      #expect(try await service.metric(#"schedule_answers_total{origin="stale"}"#) == "2")
      #expect(try await service.get("/health/full").status == 503)
      #expect(try await service.get("/health").status == 200)
    }
  }

  @Test("who is on duty is found behind a thousand who are not")
  func onDutyFarBehind() async throws {
    var reading = try ServiceUnderTest.week()
    let others = (0..<1_050).map { Duty(category: .regular, name: "Dr. \($0)", timing: "08:00-14:00") }
    reading.days[1].duties = others + reading.days[1].duties
    let long = reading
    try await ServiceUnderTest.run { service in
      service.source.answer(long)
      _ = try await service.ingest()
      let response = try await service.get("/v1/schedules?on_duty_at=2026-11-24T20:00:00%2B05:30&limit=1")
      #expect(Self.names(response) == ["Dr. C"])
      #expect(response.object["next_cursor"] is NSNull)
    }
  }

  /// An empty store that goes away when it is told to.
  private final class Switched: ScheduleStore {
    private let isBroken = Mutex(false)

    func `break`() { isBroken.withLock { $0 = true } }

    private func check() throws {
      if isBroken.withLock({ $0 }) { throw PostgresError(.connect, "away") }
    }

    func replace(_ days: [ScheduleDay], at time: Double, under term: LeaderTerm?) async throws -> ScheduleChange {
      ScheduleChange()
    }
    func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] {
      try check()
      return []
    }
    func rowCounts() async throws -> [CalendarDay: Int] { [:] }
    func scrapedAt() async throws -> Double? { nil }
    func ping() async throws { try check() }
  }
}

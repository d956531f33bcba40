import AppAPI
import AppCache
import AppDomain
import Foundation
import TestSupport
import Testing

struct ScheduleCachingTests {
  @Test("If-None-Match with the tag, a weak or listed one, or * is 304 without a body")
  func notModified() async throws {
    try await ServiceUnderTest.run { service in
      let tag = try #require(try await service.get("/schedules").headers["etag"])
      #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count == 34)
      for condition in [tag, "W/" + tag, "\"x\" , \(tag)", "*"] {
        let response = try await service.get("/schedules", headers: ["If-None-Match": condition])
        #expect(response.status == 304)
        #expect(response.body.isEmpty)
        #expect(response.headers["etag"] == tag)
        #expect(response.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=240")
      }
      for condition in ["\"x\"", String(tag.dropLast()), ""] {
        #expect(try await service.get("/schedules", headers: ["If-None-Match": condition]).status == 200)
      }
      let other = try await service.get("/schedules?date=MONDAY", headers: ["If-None-Match": tag])
      #expect(other.status == 200)
    }
  }

  @Test("a scrape without changes keeps the cache, one with changes makes every answer anew")
  func invalidation() async throws {
    try await ServiceUnderTest.run { service in
      func counts() async throws -> [String?] {
        [
          try await service.metric(#"schedule_answers_total{origin="made"}"#),
          try await service.metric(#"schedule_answers_total{origin="kept"}"#),
        ]
      }
      let tag = try #require(try await service.get("/schedules").headers["etag"])
      _ = try await service.ingest()
      #expect(try await service.get("/schedules").headers["etag"] == tag)
      #expect(try await counts() == ["1", "1"])
      var reading = try ServiceUnderTest.week()
      reading.days[0].duties[0].room = "4"
      service.source.answer(reading)
      _ = try await service.ingest()
      let response = try await service.get("/schedules", headers: ["If-None-Match": tag])
      #expect(response.status == 200)
      #expect(response.body.contains(#""room":"4""#))
      #expect(try await counts() == ["2", "1"])
    }
  }

  @Test("an answer is made anew after its lifetime: another instance may have changed the schedule")
  func lifetime() async throws {
    try await ServiceUnderTest.run { service in
      for (wait, made) in [(0.0, "1"), (299, "1"), (2, "2")] {
        service.clock.advance(by: wait)
        _ = try await service.get("/schedules")
        #expect(try await service.metric(#"schedule_answers_total{origin="made"}"#) == made)
      }
    }
  }

  @Test("without a cache every answer is made, and says that it is not to be kept")
  func off() async throws {
    try await ServiceUnderTest.run(cache: CacheLimits(lifetime: 0)) { service in
      for made in ["1", "2"] {
        let response = try await service.get("/schedules")
        #expect(response.headers["cache-control"] == "no-cache" && response.headers["etag"] != nil)
        #expect(try await service.metric(#"schedule_answers_total{origin="made"}"#) == made)
      }
      #expect(try await service.get("/health/full").object["cache"] as? String == "off")
    }
  }

  @Test("the cache holds no more than it may, and answers are right without it")
  func bounds() async throws {
    try await ServiceUnderTest.run(cache: CacheLimits(count: 4, cost: 1 << 20)) { service in
      let used = try await service.get("/schedules")
      for number in 0..<20 {
        #expect(try await service.get("/schedules?date=none\(number)").body == #"{"count":0,"data":[]}"#)
        #expect(try await service.get("/schedules").body == used.body)
      }
      #expect(service.answers.size.count == 4)
    }
    try await ServiceUnderTest.run(cache: CacheLimits(cost: 100)) { service in
      let response = try await service.get("/schedules")
      #expect(response.object["count"] as? Int == 3)
      #expect(service.answers.size.count == 0)
    }
  }

  @Test("who takes a coding gets it, as another entity; a short answer is not worth it")
  func codings() async throws {
    var reading = try ServiceUnderTest.week()
    reading.days[0].duties += (0..<30).map { Duty(category: .regular, name: "Dr. \($0)", timing: "08:00-14:00") }
    let long = reading
    try await ServiceUnderTest.run { service in
      let short = try await service.get("/v1/schedules?date=2020-01-01", headers: ["Accept-Encoding": "gzip"])
      #expect(short.headers["content-encoding"] == nil && short.headers["vary"] == nil)
      service.source.answer(long)
      _ = try await service.ingest()
      let plain = try await service.get("/schedules")
      #expect(plain.headers["content-encoding"] == nil && plain.headers["vary"] == "Accept-Encoding")
      for (field, coding) in [
        ("gzip", "gzip"), ("br;q=0, GZIP ; q=0.8", "gzip"), ("deflate,gzip", "gzip"), ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
      ] {
        let coded = try await service.get("/schedules", headers: ["Accept-Encoding": field])
        #expect(coded.headers["content-encoding"] == coding && coded.headers["vary"] == "Accept-Encoding")
        #expect(coded.headers["content-length"].flatMap { Int($0) }.map { $0 * 4 < plain.body.utf8.count } == true)
        #expect(coded.headers["etag"] != plain.headers["etag"])
        let tag = try #require(coded.headers["etag"])
        let again = try await service.get("/schedules", headers: ["Accept-Encoding": field, "If-None-Match": tag])
        #expect(again.status == 304 && again.headers["etag"] == tag && again.headers["vary"] == "Accept-Encoding")
      }
      for field in ["", "gzip;q=0", "gzip;q=0.000", "identity", "xgzip", "*"] {
        let response = try await service.get("/schedules", headers: ["Accept-Encoding": field])
        #expect(response.headers["content-encoding"] == nil && response.body == plain.body, "\(field)")
      }
    }
  }
}

import AppAPI
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
        #expect(response.headers["cache-control"] == "no-cache")
      }
      for condition in ["\"x\"", String(tag.dropLast()), ""] {
        #expect(try await service.get("/schedules", headers: ["If-None-Match": condition]).status == 200)
      }
      let other = try await service.get("/schedules?date=MONDAY", headers: ["If-None-Match": tag])
      #expect(other.status == 200)
    }
  }

  @Test("a scrape without changes keeps the cache, one with changes empties it")
  func invalidation() async throws {
    try await ServiceUnderTest.run { service in
      let tag = try #require(try await service.get("/schedules").headers["etag"])
      #expect(service.schedules.cacheSize.entries == 1)
      _ = try await service.ingest()
      #expect(service.schedules.cacheSize.entries == 1)
      var reading = try ServiceUnderTest.week()
      reading.days[0].duties[0].room = "4"
      service.source.answer(reading)
      _ = try await service.ingest()
      #expect(service.schedules.cacheSize.entries == 0)
      #expect(service.schedules.cacheSize.bytes == 0)
      let response = try await service.get("/schedules", headers: ["If-None-Match": tag])
      #expect(response.status == 200)
      #expect(response.body.contains(#""room":"4""#))
    }
  }

  @Test("the cache holds no more entries than it may, and keeps the one in use")
  func entryBound() async throws {
    try await ServiceUnderTest.run(cacheEntries: 4) { service in
      let used = try await service.get("/schedules")
      for number in 0..<20 {
        #expect(try await service.get("/schedules?date=none\(number)").body == #"{"count":0,"data":[]}"#)
        #expect(try await service.get("/schedules").body == used.body)
      }
      #expect(service.schedules.cacheSize.entries == 4)
    }
  }

  @Test("the cache holds no more bytes than it may, and answers are right without it")
  func byteBound() async throws {
    try await ServiceUnderTest.run(cacheBytes: 4_000) { service in
      for number in 0..<20 {
        let response = try await service.get("/schedules?date=none\(number)")
        #expect(response.status == 200)
        #expect(service.schedules.cacheSize.bytes <= 4_000)
      }
      #expect(service.schedules.cacheSize.entries > 1)
    }
    try await ServiceUnderTest.run(cacheBytes: 100) { service in
      let response = try await service.get("/schedules")
      #expect(response.object["count"] as? Int == 3)
      #expect(service.schedules.cacheSize.entries == 0)
    }
  }
}

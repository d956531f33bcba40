import AppDomain
import Foundation
import TestSupport
import Testing
import Visits
import Wording

struct ScheduleAPITests {
  @Test("GET / lists the endpoints as it always did")
  func index() async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/")
      #expect(response.status == 200)
      #expect(
        response.body == """
          {"message":"IITJ Doctor Schedule API","version":"1.0.0","endpoints":\
          {"schedules":"/schedules?date=DD/MM/YYYY","ingest":"/ingest-scraped-data (POST)",\
          "subscribe":"/subscribe (POST)","health":"/health"}}
          """)
    }
  }

  @Test("robots.txt is the service's own, and no edge's")
  func robots() async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/robots.txt")
      #expect(response.status == 200)
      #expect(response.headers["content-type"] == "text/plain; charset=utf-8")
      #expect(response.body.contains("boot boot-1"))
      #expect(response.body.contains("Disallow: /\n"))
      #expect(!response.body.contains(EdgeSignals.robotsText))
    }
  }

  @Test("GET /health says which run this is and since when")
  func health() async throws {
    let before = ContinuousClock.now
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/health")
      let elapsed = before.duration(to: .now).seconds
      #expect(response.status == 200)
      let body = response.object
      #expect(body["status"] as? String == "healthy")
      #expect(body["service"] as? String == "IITJ Doctor Schedule API")
      #expect(body["boot_id"] as? String == "boot-1")
      #expect(body["instance"] as? String == "i-1" && body["region"] as? String == "singapore")
      #expect(body["plan"] is NSNull)
      #expect(body["started_at"] as? String == "2026-11-24T00:27:40.250Z")
      #expect(body["version"] as? String == "9.9.9")
      #expect((body["uptime_s"] as? Double).map { (0...elapsed + 0.001).contains($0) } == true)
    }
  }

  @Test("GET /health/full tells the last scrape, also a failed one")
  func fullHealth() async throws {
    try await ServiceUnderTest.run { service in
      let good = try await service.get("/health/full").object
      #expect(good["db"] as? String == "initialized")
      #expect(good["scheduler"] is String && good["firebase"] is String)
      #expect(good["cache"] as? String == "memory" && good["outbox"] is NSNull)
      #expect(good["scrape_age_s"] as? Double == 38.5)
      #expect((good["last_scrape"] as? [String: Any])?["status"] as? String == "success")
      service.source.fail()
      _ = try await service.ingest()
      let bad = try #require(try await service.get("/health/full").object["last_scrape"] as? [String: Any])
      #expect(bad["status"] as? String == "error")
      #expect((bad["message"] as? String)?.contains("the portal answered 500") == true)
    }
  }

  @Test("GET /schedules keeps the legacy body: keys, order, explicit nulls, ISO times")
  func schedulesBody() async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/schedules?date=23/11/2026")
      #expect(response.status == 200)
      #expect(response.headers["content-type"] == "application/json")
      let times = #""created_at":"2026-11-24T00:27:41.500Z","updated_at":"2026-11-24T00:27:41.500Z""#
      #expect(
        response.body == """
          {"count":2,"data":[{"id":1,"date":"23/11/2026 MONDAY","name":"Dr. \\"A\\"","timing":"08:00-14:00",\
          "category":"Regular/Dentist","room":"3",\(times)},{"id":2,"date":"23/11/2026 MONDAY","name":"Dr. B",\
          "timing":"03:30 PM to 07:00 PM","category":"Visiting Specialist","room":null,\(times)}]}
          """)
    }
  }

  @Test(
    "date is a substring of the worksheet's name, percent-decoded",
    arguments: [
      ("", 3), ("?date=", 3), ("?date=23%2F11%2F2026", 2), ("?date=23/11/2026+MONDAY", 2), ("?date=TUESDAY", 1),
      ("?date=11%2f2026", 3), ("?date=25/11/2026", 0), ("?date=%", 0), ("?date=%zz", 0), ("?date=%ff", 0),
      ("?other=1&date=TUES", 1), ("?date=MONDAY&date=TUESDAY", 1), ("?Date=MONDAY", 3), ("?date=x%00y", 0),
    ])
  func filter(query: String, count: Int) async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/schedules" + query)
      #expect(response.status == 200)
      #expect(response.object["count"] as? Int == count)
      #expect((response.object["data"] as? [Any])?.count == count)
    }
  }

  @Test(
    "a query that is too long is 422 with a detail",
    arguments: [
      ("date=" + String(repeating: "x", count: 101), "date: at most 100 characters were expected"),
      ("x=" + String(repeating: "y", count: 3_000), "a query of at most 2048 bytes was expected"),
    ])
  func tooLong(query: String, detail: String) async throws {
    try await ServiceUnderTest.run { service in
      let response = try await service.get("/schedules?" + query)
      #expect(response.status == 422)
      #expect(response.object["detail"] as? String == detail)
    }
  }

  @Test("an ingest stores what was read, and the next answer shows it")
  func ingest() async throws {
    try await ServiceUnderTest.run { service in
      let before = try await service.get("/schedules")
      var reading = try ServiceUnderTest.week()
      reading.days[1].duties.append(Duty(category: .visiting, name: "Dr. D", timing: "9 AM"))
      service.source.answer(reading)
      let response = try await service.ingest()
      #expect(response.status == 200)
      #expect(response.body == #"{"status":"success","message":"Stored 4 rows of 2 worksheets","count":4}"#)
      let after = try await service.get("/schedules")
      #expect(after.object["count"] as? Int == 4)
      #expect(after.headers["etag"] != before.headers["etag"])
      #expect(try await service.metric("schedule_rows") == "4")
    }
  }

  @Test("a scrape that fails, is empty or loses more than half of a day to come changes nothing and is counted")
  func refused() async throws {
    try await ServiceUnderTest.run { service in
      let before = try await service.get("/schedules")
      service.source.fail()
      let failed = try await service.ingest().object
      #expect(failed["status"] as? String == "error")
      #expect(failed["count"] as? Int == 0)

      service.source.answer(ScheduleReading(days: []))
      let empty = try await service.ingest().object
      #expect(empty["status"] as? String == "warning")

      var shrunk = try ServiceUnderTest.week()
      shrunk.days[1].duties = []
      service.source.answer(shrunk)
      let shrinking = try await service.ingest().object
      #expect(shrinking["status"] as? String == "warning")
      #expect((shrinking["message"] as? String)?.contains("24/11/2026 would shrink from 1 row to 0") == true)

      let after = try await service.get("/schedules")
      #expect(after.body == before.body)
      #expect(after.headers["etag"] == before.headers["etag"])
      #expect(try await service.metric(#"scrapes_total{result="error"}"#) == "1")
      #expect(try await service.metric(#"scrapes_total{result="warning"}"#) == "2")
      #expect(try await service.metric(#"scrapes_total{result="success"}"#) == "1")
      #expect(try await service.metric("schedule_rows") == "3")
    }
  }

  @Test(
    "HEAD answers as GET does, without a body",
    arguments: ["/", "/health/full", "/schedules", "/schedules?date=nothing"])
  func head(path: String) async throws {
    try await ServiceUnderTest.run { service in
      let get = try await service.get(path)
      let head = try await WireClient.send("HEAD", path, port: service.port)
      #expect(head.status == 200)
      #expect(head.body.isEmpty)
      #expect(head.headers["content-length"] == String(get.body.utf8.count))
      #expect(head.headers["etag"] == get.headers["etag"])
    }
  }

  @Test(
    "wrong methods are 405 with Allow",
    arguments: [
      ("POST", "/", "GET, HEAD"), ("DELETE", "/schedules", "GET, HEAD"), ("PUT", "/metrics", "GET, HEAD"),
      ("POST", "/health", "GET, HEAD"), ("GET", "/ingest-scraped-data", "POST"),
      ("HEAD", "/ingest-scraped-data", "POST"),
    ])
  func wrongMethod(method: String, path: String, allow: String) async throws {
    try await ServiceUnderTest.run { service in
      let response = try await WireClient.send(method, path, port: service.port)
      #expect(response.status == 405)
      #expect(response.headers["allow"] == allow)
      #expect(response.body == (method == "HEAD" ? "" : #"{"detail":"Method Not Allowed"}"#))
    }
  }

  @Test("metrics count the requests of each route")
  func metrics() async throws {
    try await ServiceUnderTest.run { service in
      for _ in 0..<25 { _ = try await service.get("/schedules?date=23/11/2026") }
      for _ in 0..<3 { _ = try await service.get("/health") }
      _ = try await service.get("/.env")
      #expect(try await service.metric(#"http_requests_total{method="GET",route="/schedules",status="200"}"#) == "25")
      #expect(try await service.metric(#"http_requests_total{method="GET",route="/health",status="200"}"#) == "3")
      #expect(try await service.metric(#"http_requests_total{method="GET",route="unmatched",status="404"}"#) == "1")
      #expect(try await service.metric(#"http_requests_total{method="GET",route="/metrics",status="200"}"#) == "3")
      #expect(try await service.metric("process_resident_memory_bytes").flatMap { Double($0) }.map { $0 > 1e6 } == true)
    }
  }
}

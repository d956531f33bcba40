import AppAPI
import AppDomain
import HTTPService
import TestSupport
import Testing

struct ScheduleFrontTests {
  /// One answer on a connection that goes on, without what no two answers share.
  private static func answer(_ path: String, _ fields: [String], port: Int) async throws -> [UInt8] {
    let head = ["GET \(path) HTTP/1.1", "Host: a"] + fields + ["", ""]
    let last = "GET /robots.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    let request = head.joined(separator: "\r\n") + last
    let bytes = try await WireClient.exchange(Array(request.utf8), port: port)
    let next = Array("HTTP/1.1 200 OK\r\nContent-Type: text/plain".utf8)
    let end = try #require(bytes.indices.dropFirst().first { bytes[$0...].starts(with: next) }, "\(path)")
    let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return Array(lines.filter { !$0.starts(with: "X-Request-ID:".utf8) && !$0.starts(with: "Date:".utf8) }.joined())
  }

  @Test("in front of the router the answer is the router's, byte by byte")
  func sameAnswers() async throws {
    var reading = try ServiceUnderTest.week()
    reading.days[0].duties += (0..<30).map { Duty(category: .regular, name: "Dr. \($0)", timing: "08:00-14:00") }
    let long = reading
    let crossOrigin = try #require(CrossOrigin("https://a.example"))
    try await ServiceUnderTest.run(crossOrigin: crossOrigin) { service in
      service.source.answer(long)
      _ = try await service.ingest()
      let tag = try #require(try await service.get("/schedules").headers["etag"])
      let fields = [
        [], ["Accept-Encoding: gzip, br"], ["Accept-Encoding: gzip;q=0"], ["If-None-Match: \(tag)"],
        ["If-None-Match: W/\(tag)", "accept-encoding:gzip"], ["Origin: https://a.example"],
        ["Origin: https://b.example"],
        ["X-Forwarded-Proto: https"], ["X-Forwarded-Proto: http", "X-Forwarded-For: 203.0.113.7, 10.0.0.1"],
        ["User-Agent: Mozilla/5.0", "Accept-Encoding: br", "X-Forwarded-For: 203.0.113.8"], ["User-Agent: \u{FC}"],
        ["If-None-Match: x", "If-None-Match: \(tag)"],
      ]
      let paths = [
        "/schedules", "/schedules?date=MONDAY", "/schedules?date=23%2F11&x=%zz+", "/schedules?", "/schedules?a?b=c",
        "/schedules/", "/schedules?date=\(String(repeating: "x", count: 101))", "/v1/schedules",
        "/v1/schedules?limit=1",
        "/v1/schedules?limit=-1", "/v1/schedules?date=today", "/v1/doctors", "//schedules", "/nowhere", "/%73chedules",
        "http://a/schedules",
      ]
      for path in paths {
        // So that it is kept.
        _ = try await Self.answer(path, [], port: service.port)
        for fields in fields {
          let (routed, given) = (
            try await Self.answer(path, fields, port: service.port),
            try await Self.answer(path, fields, port: service.frontPort)
          )
          #expect(
            given == routed,
            "\(path) \(fields): \(String(decoding: given.prefix(400), as: UTF8.self))")
        }
      }
      #expect(service.frontInbound.inboundTotal > 0)
      #expect(service.frontInbound.visits.all > 1)
    }
  }

  @Test("only what is kept and fresh is given in front, and every kind of asker is noted as the router would")
  func whatIsGiven() async throws {
    try await ServiceUnderTest.run { service in
      func isGiven(_ path: String, _ fields: [String] = []) async throws -> Bool {
        let before = service.frontInbound.inboundTotal
        _ = try await Self.answer(path, fields, port: service.frontPort)
        return service.frontInbound.inboundTotal > before
      }
      #expect(try await isGiven("/schedules") == false)
      #expect(try await isGiven("/schedules"))
      #expect(try await isGiven("/schedules", ["Origin: https://x.example", "X-Request-ID: abc"]))
      let given = service.frontInbound.inboundTotal
      // On a connection that ends with it.
      #expect(try await WireClient.send("GET", "/schedules", port: service.frontPort).status == 200)
      #expect(service.frontInbound.inboundTotal == given)
      #expect(try await isGiven("/schedules", ["Content-Length: 0"]))
      #expect(try await isGiven("/schedules", ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 1.2.3.5"]) == false)
      // A monitor is answered too, and noted as one.
      let people = service.frontInbound.inboundTotal
      _ = try await Self.answer("/schedules", ["User-Agent: Better Stack Better Uptime Bot"], port: service.frontPort)
      #expect(service.frontInbound.lastOutsideProbeAt != nil && service.frontInbound.inboundTotal == people)
      var reading = try ServiceUnderTest.week()
      reading.days[0].duties[0].room = "4"
      service.source.answer(reading)
      _ = try await service.ingest()
      #expect(try await isGiven("/schedules") == false)
      #expect(try await isGiven("/schedules"))
      service.clock.advance(by: 301)
      #expect(try await isGiven("/schedules") == false)
    }
  }
}

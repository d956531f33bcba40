import AppDomain
import GRDB
import HTTPService
import Postgres
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import AppAPI
@testable import AppStore

struct OutageTests {
  /// A store that throws whatever it is told to.
  private struct Broken: ScheduleStore {
    let error: any Error

    func replace(_ days: [ScheduleDay], at time: Double, under term: LeaderTerm?) async throws -> ScheduleChange {
      throw error
    }
    func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] { throw error }
    func rowCounts() async throws -> [CalendarDay: Int] { throw error }
    func scrapedAt() async throws -> Double? { throw error }
    func ping() async throws {}
  }

  @Test(
    "a store that is away or full is 503 with a time to come again; what is a defect stays 500",
    arguments: [
      (DatabaseError(resultCode: .SQLITE_FULL), 503, "full"),
      (DatabaseError(resultCode: .SQLITE_BUSY), 503, "initialized"),
      (PostgresError(.connect, "x"), 503, "initialized"), (PostgresError(.timeout, "x"), 503, "initialized"),
      (PostgresError(.statement, sqlState: "53100", "x"), 503, "full"),
      (PostgresError(.statement, sqlState: "57P03", "x"), 503, "initialized"),
      (PostgresError(.statement, sqlState: "42703", "x"), 500, "initialized"),
      (DatabaseError(resultCode: .SQLITE_CONSTRAINT), 500, "initialized"),
    ] as [(any Error & Sendable, Int, String)])
  func statuses(error: any Error & Sendable, status: Int, state: String) async throws {
    try await ServiceUnderTest.run(store: Broken(error: error)) { service in
      let answer = try await service.get("/schedules")
      #expect(answer.status == status)
      #expect((answer.headers["retry-after"] != nil) == (status == 503))
      #expect(answer.object["detail"] as? String != nil)
      #expect(try await service.get("/health/full").object["db"] as? String == state)
      #expect(try await service.get("/health").status == 200)
    }
  }

  @Test("a full store is told until a later write has found room")
  func memory() {
    let time = Mutex(0.0)
    let health = StoreHealth(now: { time.withLock { $0 } }, classify: { StoreOutage($0) })
    #expect(health.failed(DatabaseError(resultCode: .SQLITE_FULL)) == .full)
    health.wrote()
    #expect(health.isFull, "a small write may find room where others don't")
    #expect(health.failed(DatabaseError(resultCode: .SQLITE_LOCKED)) == .away)
    time.withLock { $0 = 31 }
    health.wrote()
    #expect(health.failed(CancellationError()) == nil)
    #expect(!health.isFull)
  }

  @Test("without the token one scrape a minute is made for whoever asks; with it any, at once")
  func ingestLimit() async throws {
    let time = Mutex(100.0)
    let limit = IngestLimit { time.withLock { $0 } }
    let token = BearerToken(Redacted("0123456789abcdef"))
    try await ServiceUnderTest.run(ingestLimit: limit, admin: token) { service in
      #expect(try await service.ingest().object["status"] as? String == "success")
      time.withLock { $0 = 112.4 }
      let second = try await service.ingest()
      #expect(second.status == 429 && second.headers["retry-after"] == "48")
      #expect(second.body == #"{"status":"warning","message":"scraped 12 s ago","count":3}"#)
      for scheme in ["Bearer", "bearer"] {
        let admin = try await WireClient.send(
          "POST", "/ingest-scraped-data", port: service.port, headers: ["Authorization": scheme + " 0123456789abcdef"])
        #expect(admin.status == 200 && admin.object["status"] as? String == "success")
      }
      let wrong = try await WireClient.send(
        "POST", "/ingest-scraped-data", port: service.port, headers: ["Authorization": "Bearer 0123456789abcdeg"])
      #expect(wrong.status == 429)
      time.withLock { $0 = 160 }
      #expect(try await service.ingest().status == 200)
    }
  }
}

import AppDomain
import Synchronization
import Testing

struct ScheduleIngestTests {
  /// Reads when it is allowed to.
  private final class GatedSource: ScheduleSource {
    let reads = Mutex(0)
    let gate: AsyncStream<Void>
    let open: AsyncStream<Void>.Continuation

    init() { (gate, open) = AsyncStream.makeStream() }

    func read() async throws -> ScheduleReading {
      reads.withLock { $0 += 1 }
      for await _ in gate { break }
      guard let date = CalendarDay(year: 2026, month: 11, day: 23) else { return ScheduleReading(days: []) }
      let duty = Duty(category: .regular, name: "Dr. A", timing: "08:00")
      return ScheduleReading(days: [ScheduleDay(date: date, sheet: "23/11/2026", duties: [duty])])
    }
  }

  private struct EmptyStore: ScheduleStore {
    func replace(_ days: [ScheduleDay], at time: Double, under term: LeaderTerm?) async throws -> ScheduleChange {
      ScheduleChange(added: 1)
    }
    func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] { [] }
    func rowCounts() async throws -> [CalendarDay: Int] { [:] }
    func scrapedAt() async throws -> Double? { nil }
    func ping() async throws {}
  }

  @Test("who asks while a scrape is under way shares it; the next one who asks gets a new one")
  func singleFlight() async throws {
    let source = GatedSource()
    let ingest = ScheduleIngest(source: source, store: EmptyStore(), now: { 7 })
    try await withThrowingTaskGroup(of: IngestOutcome?.self) { group in
      group.addTask {
        await ingest.run()
        return nil
      }
      for _ in 0..<6 { group.addTask { await ingest.ingest() } }
      while await ingest.waiting < 6 { await Task.yield() }
      source.open.yield()
      for _ in 0..<6 {
        let outcome = try await group.next()
        #expect(outcome??.status == .success)
      }
      #expect(source.reads.withLock { $0 } == 1)

      group.addTask { await ingest.ingest() }
      source.open.yield()
      #expect(try await group.next()??.count == 1)
      #expect(source.reads.withLock { $0 } == 2)
      group.cancelAll()
    }
  }

  @Test("who waits when the service stops is answered, and so is who asks later")
  func stopping() async throws {
    let source = GatedSource()
    let ingest = ScheduleIngest(source: source, store: EmptyStore(), now: { 7 })
    let runner = Task { await ingest.run() }
    async let waiting = ingest.ingest()
    while await ingest.waiting < 1 || source.reads.withLock({ $0 }) < 1 { await Task.yield() }
    runner.cancel()
    await runner.value
    _ = await waiting
    let late = await ingest.ingest()
    #expect(late.status == .error)
    #expect(late.message == "The service is stopping")
  }

  @Test("outcomes are told before those who wait are answered")
  func order() async throws {
    let source = GatedSource()
    let told = Mutex<[IngestOutcome]>([])
    let toldOf: @Sendable (IngestOutcome) -> Void = { outcome in told.withLock { $0.append(outcome) } }
    let ingest = ScheduleIngest(source: source, store: EmptyStore(), now: { 7 }, onOutcome: toldOf)
    source.open.yield()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await ingest.run() }
      let outcome = await ingest.ingest()
      #expect(told.withLock { $0 } == [outcome])
      #expect(outcome.finishedAt == 7)
      #expect(outcome.storedRows == 1)
      group.cancelAll()
    }
  }
}

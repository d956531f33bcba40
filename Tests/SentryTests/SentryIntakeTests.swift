import Logging
import Statistics
import Synchronization
import Telemetry
import Testing

@testable import Sentry

struct SentryIntakeTests {
  private let outcomes = SentryOutcomes(registry: MetricsRegistry())
  private let time = FixedTime()

  private func intake(rate: Double = 1, random: @escaping @Sendable () -> Double = { 0.5 }) -> SentryIntake {
    SentryIntake(sampleRate: rate, sources: time.sources(random: random), outcomes: outcomes)
  }

  private func log(_ intake: SentryIntake, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:])
  {
    intake.take(
      LogEvent(
        level: level, message: "\(message)", metadata: metadata, source: nil, file: "A/B.swift", function: "f()",
        line: 3),
      logger: "app", metadata: metadata)
  }

  private func drain(_ intake: SentryIntake) -> [SentryEvent] {
    var events: [SentryEvent] = []
    while let event = intake.next() { events.append(event) }
    return events
  }

  @Test("errors are events, what led to them are breadcrumbs, debug is neither")
  func levels() {
    let intake = intake()
    for level in Logger.Level.allCases { log(intake, level, "a \(level)") }
    let events = drain(intake)
    #expect(events.map(\.record.message) == ["a error", "a critical"])
    #expect(events.first?.breadcrumbs.map(\.message) == ["a info", "a notice", "a warning"])
    #expect(events.last?.breadcrumbs.map(\.message) == ["a info", "a notice", "a warning", "a error"])
  }

  @Test("the queue has thirty; the newest that don't fit are dropped and counted, what ends the service is not")
  func bound() {
    struct Ending: Error {}
    let intake = intake()
    for number in 0..<40 { log(intake, .error, "error \(number)") }
    #expect(intake.waiting == SentryIntake.capacity && outcomes.total(.overflow) == 10)
    #expect(outcomes.untold == ["queue_overflow": 10])
    intake.take(
      uncaught: Ending(), logger: "app", metadata: [:], place: SentryFrame(file: "A/B.swift", function: "f()", line: 1))
    let events = drain(intake)
    #expect(events.count == 31 && events[0].uncaught == "Ending" && events[1].record.message == "error 0")
    outcomes.told(["queue_overflow": 4])
    #expect(outcomes.untold == ["queue_overflow": 6])
  }

  @Test("the ring keeps the last fifty, in their order")
  func ring() {
    let intake = intake()
    for number in 0..<120 { log(intake, .info, "\(number)") }
    log(intake, .error, "x")
    #expect(intake.next()?.breadcrumbs.map(\.message) == (70..<120).map { "\($0)" })
  }

  @Test("the same message more than ten times a minute is dropped and counted; others are not")
  func repeats() {
    let intake = intake()
    for _ in 0..<25 { log(intake, .error, "again", ["error": "\(Int.random(in: 0..<9))"]) }
    log(intake, .error, "other")
    #expect(drain(intake).count == 11 && outcomes.total(.again) == 15)
    time.now += 59.9
    log(intake, .error, "again")
    #expect(drain(intake).isEmpty)
    time.now += 0.1
    log(intake, .error, "again")
    #expect(drain(intake).count == 1 && outcomes.total(.again) == 16)
  }

  @Test("a storm of different messages fills no memory")
  func fingerprints() {
    var repeats = SentryRepeats()
    let first = (0..<10_000).map { repeats.admits(["\($0)"], at: Double($0) / 1_000) }
    #expect(!first.contains(false) && repeats.count == SentryRepeats.remembered)
    let again = (0..<10).map { _ in repeats.admits(["9999"], at: 10) }
    #expect(again == Array(repeating: true, count: 9) + [false])
  }

  @Test("of many a share is sent, by a seeded generator", arguments: [(0.0, 0), (0.25, 248), (1.0, 1_000)])
  func sampling(rate: Double, expected: Int) {
    let generator = Mutex(SeededGenerator(seed: 7))
    let intake = intake(rate: rate) { generator.withLock { $0.unit() } }
    var sent = 0
    for number in 0..<1_000 {
      log(intake, .error, "\(number)")
      sent += drain(intake).count
    }
    #expect(abs(sent - expected) <= (rate == 0.25 ? 30 : 0), "\(sent)")
    #expect(outcomes.total(.sample) == 1_000 - sent)
  }

  @Test("what is kept of a record is bounded whatever is logged")
  func records() {
    let intake = intake()
    let huge = String(repeating: "é", count: 500_000)
    var nested: Logger.MetadataValue = .string(huge)
    for _ in 0..<50 { nested = .array([nested, nested]) }
    var metadata: Logger.Metadata = ["nested": nested, huge: "x"]
    for number in 0..<200 { metadata["key\(number)"] = .string(huge) }
    log(intake, .error, huge, metadata)
    let record = intake.next()?.record
    #expect(record.map { $0.message.utf8.count } == SentryBounds.event.message * 2)
    let size = record?.metadata.reduce(0) { $0 + "\($1.value)".utf8.count } ?? 0
    #expect(size < 80_000 && record?.metadata.count ?? 0 <= 60, "\(size)")
  }

  @Test("an event's number is a version 4 UUID without dashes")
  func ids() {
    let ids = (0..<100).map { _ in SentryIntake.randomID() }
    #expect(Set(ids).count == 100)
    #expect(ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}/) != nil })
  }
}

import Foundation
import Logging
import TestSupport
import Testing

@testable import Sentry

struct SentryEnvelopeTests {
  static let options = try? SentryOptions(
    dsn: SentryDSN("https://abc123:old@o1.ingest.sentry.io/42"), release: "outgrown@1.2.3", serverName: "i-1")

  static func record(
    _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, bounds: SentryBounds = .event
  ) -> SentryRecord {
    SentryRecord(
      time: 1_795_932_000.25, level: level, logger: "app", message: message, metadata: metadata,
      place: SentryFrame(file: "HTTPService/ProblemMiddleware.swift", function: "handle(_:)", line: 22), bounds: bounds)
  }

  static func full() -> SentryEvent {
    SentryEvent(
      id: "0123456789abcdef0123456789abcdef",
      record: record(
        .error, "request failed",
        [
          "boot_id": "b-1", "request_id": "r-1", "path": "/subscriptions/a@b.example", "error": "no answer of 10.0.0.1",
          "password": "hunter2", "headers": ["authorization": "Bearer x", "host": "h"],
        ]),
      breadcrumbs: [
        record(.info, "backed up", ["path": "b/1", "boot_id": "b-1"], bounds: .breadcrumb),
        record(.warning, "the store is slow", [:], bounds: .breadcrumb),
      ])
  }

  static func json(_ event: SentryEvent) throws -> [UInt8] {
    event.json(options: try #require(options), version: "1.2.3", scrubber: SentryScrubber(known: ["abc123"]))
  }

  @Test("an envelope has its header, the event and the report, each with its length")
  func golden() throws {
    let options = try #require(Self.options)
    let event = Self.full()
    let bytes = SentryEnvelope.bytes(
      event: try Self.json(event), id: event.id, dsn: options.dsn, sentAt: 1_795_932_001.5,
      discarded: ["sample_rate": 3, "queue_overflow": 2])
    try Golden.expect(String(decoding: bytes, as: UTF8.self), equals: "envelope.txt")
    let lines = bytes.split(separator: 0x0A)
    #expect(lines.count == 5)
    for (head, payload) in [(lines[1], lines[2]), (lines[3], lines[4])] {
      let header = try JSONSerialization.jsonObject(with: Data(head)) as? [String: Any]
      #expect(header?["length"] as? Int == payload.count)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for secret in ["hunter2", "Bearer", "b.example", "10.0.0.1", ":old"] { #expect(!text.contains(secret)) }
  }

  static let hostile: SentryEvent = {
    let nasty = "\u{0}\u{1}\u{7F}\u{85}😀\u{202E}\"\\\n\r\u{2028}"
    var metadata: Logger.Metadata = [:]
    for number in 0..<200 {
      metadata["k\(number)\(nasty)"] = .string(nasty + String(repeating: "\"😀\u{0}", count: 20_000))
    }
    metadata["boot_id"] = .string(nasty + String(repeating: "x", count: 1_000))
    metadata["request_id"] = .string(String(repeating: "\n", count: 300))
    metadata["error"] = .string(String(repeating: "\\", count: 100_000))
    metadata[""] = "empty"
    metadata["list"] = .array(Array(repeating: .dictionary(["a": .string(nasty)]), count: 1_000))
    let record = Self.record(.critical, nasty + String(repeating: "\u{0}😀", count: 50_000), metadata)
    var event = SentryEvent(id: SentryIntake.randomID(), record: record, uncaught: nasty + nasty)
    event.record.place = SentryFrame(file: nasty, function: String(repeating: nasty, count: 1_000), line: .max)
    event.breadcrumbs = Array(
      repeating: Self.record(.warning, String(repeating: nasty, count: 1_000), metadata, bounds: .breadcrumb), count: 50
    )
    return event
  }()

  @Test("whatever is logged, an event is valid JSON on one line, under 400 kB")
  func bounds() throws {
    let json = try Self.json(Self.hostile)
    #expect(json.count < 400_000 && !json.contains(0x0A), "\(json.count)")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json)) }
  }

  @Test(
    "texts are cut between their characters, and say so",
    arguments: [
      ("abc", 10, "abc"), ("abcdefghij", 10, "abcdefghij"), ("abcdefghijk", 10, "abcdefg…"), ("ééééé", 10, "ééééé"),
      ("éééééé", 10, "ééé…"), ("a\u{0}b", 10, "a\u{FFFD}b"), ("", 0, ""),
    ])
  func shown(text: String, bytes: Int, expected: String) {
    #expect(SentryBounds.shown(text, bytes: bytes) == expected)
  }
}

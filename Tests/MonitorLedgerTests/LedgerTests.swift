import Evidence
import Foundation
import GRDB
import MonitorLedger
import MonitorSleep
import TestSupport
import Testing
import Visits

@Suite struct LedgerTests {
  private static let start = 1_800_000_000.0

  private func entry(
    _ at: Double, inference: SleepInference? = nil, changes: [StateChange] = [], heartbeat: Heartbeat? = nil,
    sample: WatchHistory.Sample? = nil, requests: [WatchHistory.LoggedRequest] = []
  ) -> Ledger.Entry {
    Ledger.Entry(
      service: "s", url: "http://h", timeScale: 1, at: Self.start + at,
      inference: inference ?? SleepInference(rules: SleepRules(), sensor: .heartbeats, at: Self.start),
      changes: changes, heartbeat: heartbeat, sample: sample, requests: requests)
  }

  private func beat(_ boot: String, _ sequence: Int, visits: Int, early: Int) -> Heartbeat {
    Heartbeat(
      bootID: boot, sequence: sequence, state: .running, inboundTotal: visits * 2, visits: visits, earlyVisits: early,
      firstRequest: Heartbeat.FirstRequest(at: nil, path: "/a", client: "browser"))
  }

  @Test("what is written is read back, also by the next process, with the inference where it stood")
  func roundTrip() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/deep/ledger.sqlite"
      var inference = SleepInference(rules: SleepRules(), sensor: .heartbeats, at: Self.start)
      let changes = inference.handle(.heartbeat(beat("a", 0, visits: 1, early: 0)), at: Self.start + 1)
      let ledger = try Ledger(path: path)
      #expect(try await ledger.resume("s") == nil)
      try await ledger.record(
        entry(
          1, inference: inference, changes: changes, heartbeat: beat("a", 0, visits: 1, early: 0),
          sample: WatchHistory.Sample(
            at: Self.start + 1, sign: .alive, status: 200, totalSeconds: 0.5, clockStart: nil),
          requests: [WatchHistory.LoggedRequest(at: Self.start + 1, isVisit: true)]))
      try ledger.close()

      let again = try Ledger(path: path)
      let resumed = try #require(try await again.resume("s"))
      #expect(resumed.inference == inference && resumed.lastSeen == Self.start + 1)
      let history = try await again.history(of: "s")
      #expect(history.changes == changes && history.stateBefore == .unknown)
      #expect(history.samples.count == 1 && history.requests.count == 1 && history.boots.map(\.id) == ["a"])
      #expect(history.boots.first?.firstClient == "browser" && history.boots.first?.firstPath == "/a")
      #expect(try await again.services() == ["s"])
      await #expect(throws: LedgerError.self) { try await again.history(of: "t") }
    }
  }

  @Test("visits are counted once however often they are told, and affected only where the start was a wake")
  func visits() async throws {
    try await withTemporaryDirectory { folder in
      let ledger = try Ledger(path: folder + "/l.sqlite")
      let wake = StateChange(at: Self.start, seenAt: Self.start, from: .asleep, to: .waking, cause: "")
      // A deployment: its early visits met nobody asleep.
      try await ledger.record(entry(0, heartbeat: beat("a", 0, visits: 3, early: 2)))
      try await ledger.record(entry(1, heartbeat: beat("a", 1, visits: 5, early: 2)))
      try await ledger.record(entry(2, heartbeat: beat("a", 2, visits: 5, early: 2)))
      try await ledger.record(entry(3, changes: [wake], heartbeat: beat("b", 0, visits: 1, early: 1)))
      try await ledger.record(entry(4, heartbeat: beat("b", 1, visits: 4, early: 2)))
      let days = try await ledger.history(of: "s").days
      #expect(days.map(\.visits) == [9] && days.map(\.affected) == [2])
    }
  }

  @Test("the highest memory of a span's runs is kept, whatever is told later; runs that tell none have none")
  func memory() async throws {
    func beat(_ boot: String, _ sequence: Int, _ peak: Int?) -> Heartbeat {
      Heartbeat(bootID: boot, sequence: sequence, state: .running, memory: peak.map { .init(peak: $0) })
    }
    try await withTemporaryDirectory { folder in
      let ledger = try Ledger(path: folder + "/l.sqlite")
      try await ledger.record(entry(0, heartbeat: beat("a", 0, nil)))
      #expect(try await ledger.history(of: "s").memoryPeakBytes == nil)
      for (second, peak) in [100, 300, nil, 200].enumerated() {
        try await ledger.record(entry(Double(second + 1), heartbeat: beat("a", second + 1, peak)))
      }
      #expect(try await ledger.history(of: "s").memoryPeakBytes == 300)
      try await ledger.record(entry(100, heartbeat: beat("b", 0, 250)))
      try await ledger.record(entry(110, heartbeat: beat("b", 1, 260)))
      #expect(try await ledger.history(of: "s").memoryPeakBytes == 300)
      // Of the run that was heard of then, although it began before.
      #expect(try await ledger.history(of: "s", from: Self.start + 105).memoryPeakBytes == 260)
      #expect(try await ledger.history(of: "s", to: Self.start + 50).memoryPeakBytes == 300)
    }
  }

  @Test("a ledger of before memory was told is brought up to date, with what it holds")
  func olderLedger() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/l.sqlite"
      let first = try Ledger(path: path)
      try await first.record(entry(0, heartbeat: self.beat("a", 0, visits: 3, early: 0)))
      try first.close()
      let queue = try DatabaseQueue(path: path)
      try await queue.write {
        try $0.execute(
          sql: """
            ALTER TABLE boots DROP COLUMN memory_peak;
            DELETE FROM grdb_migrations WHERE identifier LIKE '%memory%';
            """)
      }
      try queue.close()
      let unread = #expect(throws: LedgerError.self) { try Ledger(reading: path) }
      #expect(unread?.description.contains("older version") == true)
      let again = try Ledger(path: path)
      let history = try await again.history(of: "s")
      #expect(history.boots.map(\.visits) == [3] && history.memoryPeakBytes == nil)
      try await again.record(
        entry(1, heartbeat: Heartbeat(bootID: "a", sequence: 1, state: .running, memory: .init(peak: 7))))
      #expect(try await again.history(of: "s").memoryPeakBytes == 7)
    }
  }

  @Test("rows stay within their bounds, the newest kept")
  func bounded() async throws {
    try await withTemporaryDirectory { folder in
      var bounds = Ledger.Bounds()
      bounds.samples = 10
      bounds.requests = 5
      bounds.heartbeats = 3
      let ledger = try Ledger(path: folder + "/l.sqlite", bounds: bounds)
      for second in 0..<40 {
        let at = Self.start + Double(second)
        try await ledger.record(
          entry(
            Double(second), heartbeat: beat("a", second, visits: 0, early: 0),
            sample: .init(at: at, sign: .asleep, status: 200, totalSeconds: 0, clockStart: nil),
            requests: [.init(at: at, isVisit: false)]))
      }
      try await ledger.prune()
      let history = try await ledger.history(of: "s")
      #expect(history.samples.map(\.at) == (30..<40).map { Self.start + Double($0) })
      #expect(history.requests.count == 5)
      let heartbeats = try await DatabaseQueue(path: folder + "/l.sqlite").read {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM heartbeats")
      }
      #expect(heartbeats == 3)
    }
  }

  @Test("a file that is no database, a damaged one and one of a newer version are refused by name")
  func unusable() async throws {
    try await withTemporaryDirectory { folder in
      let garbage = folder + "/garbage.sqlite"
      try Data(repeating: 65, count: 8_192).write(to: URL(filePath: garbage))
      let first = #expect(throws: LedgerError.self) { try Ledger(path: garbage) }
      #expect(first?.code == .corrupt && first?.description.contains(garbage) == true)

      let damaged = folder + "/damaged.sqlite"
      let ledger = try Ledger(path: damaged)
      for second in 0..<200 {
        try await ledger.record(
          entry(
            Double(second),
            requests: (0..<50).map { .init(at: Self.start + Double(second * 50 + $0), isVisit: true) }))
      }
      try ledger.close()
      var bytes = try Data(contentsOf: URL(filePath: damaged))
      try #require(bytes.count > 40_000)
      for offset in 8_192..<(bytes.count - 4_096) { bytes[offset] = UInt8(truncatingIfNeeded: offset &* 37) }
      try bytes.write(to: URL(filePath: damaged))
      let second = #expect(throws: LedgerError.self) { try Ledger(path: damaged) }
      #expect(second?.code == .corrupt)

      let newer = folder + "/newer.sqlite"
      try Ledger(path: newer).close()
      try await DatabaseQueue(path: newer).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2999 from the future')")
      }
      let third = #expect(throws: LedgerError.self) { try Ledger(path: newer) }
      #expect(third?.code == .tooNew)
      let readNewer = #expect(throws: LedgerError.self) { try Ledger(reading: newer) }
      #expect(readNewer?.code == .tooNew)
      let nowhere = #expect(throws: LedgerError.self) { try Ledger(path: "/proc/none/l.sqlite") }
      #expect(nowhere?.code == .cannotOpen)
    }
  }

  @Test("reading leaves a file that is no ledger as it was", arguments: ["", "services:\n  - name: a\n"])
  func reading(text: String) async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/file.yaml"
      try Data(text.utf8).write(to: URL(filePath: path))
      let error = #expect(throws: LedgerError.self) { try Ledger(reading: path) }
      #expect(error?.code == .corrupt && error?.description.contains("no ledger") == true)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data(text.utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file.yaml"])
      #expect(throws: LedgerError.self) { try Ledger(reading: folder + "/none.sqlite") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file.yaml"])
    }
  }

  @Test("a ledger is read while the monitor writes it, and after, but not written")
  func readingBeside() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/l.sqlite"
      let writer = try Ledger(path: path)
      try await writer.record(entry(1))
      let reader = try Ledger(reading: path)
      #expect(try await reader.services() == ["s"])
      await #expect(throws: (any Error).self) { try await reader.record(entry(2)) }
      try await writer.record(entry(3))
      #expect(try await reader.history(of: "s").to == Self.start + 3)
      try reader.close()
      try writer.close()
      #expect(try await Ledger(reading: path).services() == ["s"])
    }
  }
}

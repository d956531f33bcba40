import GRDB
import MonitorLedger
import MonitorSleep
import Synchronization
import TestSupport
import Testing

@testable import MonitorCommand

@Suite(.timeLimit(.minutes(1)))
struct LedgerWriterTests {
  private static func entry(_ number: Int) -> Ledger.Entry {
    Ledger.Entry(
      service: "s\(number)", url: nil, timeScale: 1, at: Double(number),
      inference: SleepInference(rules: SleepRules(canProbe: false), sensor: .heartbeats, at: 0))
  }

  /// A disk that is full until it is told otherwise.
  private final class Disk: Sendable {
    let isFull = Mutex(true)
    let written = Mutex<[String]>([])
    let failures = Atomic(0)

    func record(_ entry: Ledger.Entry) throws {
      guard !isFull.withLock({ $0 }) else {
        failures.wrappingAdd(1, ordering: .relaxed)
        throw DatabaseError(resultCode: .SQLITE_FULL)
      }
      written.withLock { $0.append(entry.service) }
    }
  }

  @Test("what a full disk doesn't take is kept, shown, and written later in its order")
  func kept() async throws {
    let disk = Disk()
    let writer = LedgerWriter(logger: silentLogger, wait: { _ in await Task.yield() }, record: { try disk.record($0) })
    async let writing: Void = writer.run()
    for number in 0..<5 { writer.add(Self.entry(number)) }
    await Waiting.until { disk.failures.load(ordering: .relaxed) >= 2 }
    #expect(writer.unwritten == (5, 0) && writer.failure?.contains("13") == true)
    disk.isFull.withLock { $0 = false }
    await Waiting.until { disk.written.withLock { $0.count } == 5 }
    #expect(disk.written.withLock { $0 } == ["s0", "s1", "s2", "s3", "s4"])
    writer.finish()
    await writing
    #expect(writer.unwritten == (0, 0) && writer.failure == nil)
  }

  @Test("a disk that stays full does not hold up the end; what is lost is counted")
  func lost() async throws {
    let disk = Disk()
    let writer = LedgerWriter(logger: silentLogger, wait: { _ in await Task.yield() }, record: { try disk.record($0) })
    for number in 0..<3 { writer.add(Self.entry(number)) }
    writer.finish()
    await writer.run()
    #expect(writer.unwritten == (0, 3) && writer.failure != nil)
  }

  @Test("an entry that can never be written is given up, and the others are not")
  func unwritable() async throws {
    let written = Mutex<[String]>([])
    let writer = LedgerWriter(
      logger: silentLogger, wait: { _ in },
      record: { entry in
        if entry.service == "s1" { throw DatabaseError(resultCode: .SQLITE_CONSTRAINT) }
        written.withLock { $0.append(entry.service) }
      })
    for number in 0..<3 { writer.add(Self.entry(number)) }
    writer.finish()
    await writer.run()
    #expect(written.withLock { $0 } == ["s0", "s2"] && writer.unwritten == (0, 1))
  }
}

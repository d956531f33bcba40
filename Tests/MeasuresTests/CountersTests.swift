import Foundation
import Testing

@testable import Measures

struct CountersTests {
  private static var some: IterationCounts {
    var counts = IterationCounts()
    counts.scheduled = 12
    counts.started = 10
    counts.dropped = 2
    counts.droppedByOverflow = 1
    counts.completed = 7
    counts.failed = 2
    counts.interrupted = 1
    counts.startedLate = 1
    return counts
  }

  @Test("what was added since is what has to be added again")
  func delta() {
    var later = Self.some
    later.add(Self.some)
    #expect(later.scheduled == 24 && later.isConserved)
    #expect(later.since(Self.some) == Self.some && later.since(later) == IterationCounts())
    var connections = ConnectionCounts()
    connections.opened = 3
    connections.moves = 1
    var twice = connections
    twice.add(connections)
    #expect(twice.opened == 6 && twice.moves == 2 && twice.since(connections) == connections)
  }

  @Test("they read back as they were; what earlier versions did not count is 0, and nothing else may be missing")
  func coding() throws {
    let data = try JSONEncoder().encode(Self.some)
    #expect(try JSONDecoder().decode(IterationCounts.self, from: data) == Self.some)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""conserved":true"#) && text.contains(#""started_late":1"#))
    let old = #"{"opened": 1, "closed_idle": 2, "retried": 3}"#
    let read = try JSONDecoder().decode(ConnectionCounts.self, from: Data(old.utf8))
    #expect(read.opened == 1 && read.closedIdle == 2 && read.retried == 3 && read.resumed == 0 && read.moves == 0)
    for key in ["opened", "closed_idle", "retried"] {
      let missing = old.replacing("\"\(key)\"", with: "\"x\"")
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ConnectionCounts.self, from: Data(missing.utf8))
      }
    }
  }

  @Test("counts of a forged report don't overflow")
  func forged() throws {
    var counts = IterationCounts()
    counts.started = .max
    counts.completed = .max
    counts.failed = .max
    #expect(!counts.isConserved)
  }
}

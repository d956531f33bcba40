import AppDomain
import Foundation
import Statistics
import Testing

@testable import AppScrape

/// Pages and timings that were damaged at random: `FUZZ_SECONDS=600` goes on for ten minutes.
struct MutatedPageTests {
  /// Calls `body` with rising numbers, some hundred times or until the time is over.
  private static func rounds(_ least: UInt64, _ body: (UInt64) throws -> Void) rethrows {
    let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap { Double($0) } ?? 0
    let end = ContinuousClock.now + .seconds(seconds)
    // Another course each time it is long, the same one in every short run.
    var seed = seconds > 0 ? UInt64.random(in: 1 << 32..<1 << 62) : 0
    var round: UInt64 = 0
    while round < least || ContinuousClock.now < end {
      try body(seed)
      seed += 1
      round += 1
    }
  }

  private static let pieces = [
    "<td>", "</td>", "<tr>", "</tr>", "<table class=waffle>", "</table>", "<td colspan=", "<td rowspan=9>", "<!--",
    "-->",
    "<script>", "</div>", "&#", "&amp", "\"", "'", "\u{0}", "\u{FFFD}", "<th>", "S.NO", "DOCTOR'S NAME", "TIMING", "<",
  ].map { Array($0.utf8) }

  private static func mutate(_ page: inout [UInt8], _ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...12, using: &random) where !page.isEmpty {
      let index = Int.random(in: 0..<page.count, using: &random)
      let length = min(page.count - index, Int.random(in: 1...40, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: page[index] = UInt8.random(in: 0...255, using: &random)
      case 1: page.removeSubrange(index..<index + length)
      case 2: page.insert(contentsOf: Array(page[index..<index + length]), at: index)
      case 3: page.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: index)
      case 4: page.removeSubrange(index...)
      default: page.swapAt(index, Int.random(in: 0..<page.count, using: &random))
      }
    }
  }

  @Test("a damaged worksheet never traps, and yields no more rows than cells allow")
  func pages() {
    Self.rounds(300) { seed in
      var random = SeededGenerator(seed: seed)
      var layout = RandomLayout(seed: seed)
      var page = Array(layout.html().utf8)
      Self.mutate(&page, &random)
      do throws(ScrapeError) {
        let read = try WorksheetPage.read(page)
        #expect(read.duties.count <= WorksheetTable.maxDuties, "seed \(seed)")
        for duty in read.duties {
          #expect(duty.name.unicodeScalars.count <= CellText.maxCharacters, "seed \(seed)")
        }
      } catch { #expect(error.code == .notASchedule || error.code == .outOfBounds, "seed \(seed)") }
      _ = WorksheetList.read(page)
      _ = try? PortalPage.worksheetList(in: page, at: "https://portal.example/")
    }
  }

  @Test("a damaged list of worksheets never traps")
  func lists() throws {
    let original = try Fixture.bytes("pubhtml.html")
    let start = try #require(original.firstRange(of: Array("items.push".utf8))?.lowerBound)
    let script = Array(original[max(0, start - 100)..<min(original.count, start + 2_000)])
    Self.rounds(300) { seed in
      var random = SeededGenerator(seed: seed)
      var page = script
      Self.mutate(&page, &random)
      for item in WorksheetList.read(page) {
        #expect(!item.pageURL.isEmpty, "seed \(seed)")
        _ = SheetDate.parse(item.name)
      }
    }
  }

  @Test("a damaged timing or name never traps, and a timing that is read is within a day")
  func texts() {
    let samples = [
      "03:30 PM to 07:00 PM", "11:30 AM-01:30 PM", "20:00 - 08:00", "9.30 am – 1", "12 noon to midnight",
      "Dr. X- MBBS MD (Internal Medicine)", "0900-1300 hrs", "24:00", "25th Nov 2026",
    ]
    Self.rounds(3_000) { seed in
      var random = SeededGenerator(seed: seed)
      var bytes = Array((samples.randomElement(using: &random) ?? "").utf8)
      Self.mutate(&bytes, &random)
      let text = String(decoding: bytes, as: UTF8.self)
      _ = DoctorName(cell: text)
      _ = SheetDate.parse(text)
      guard let timing = DutyTiming.parse(text) else { return }
      #expect((0..<1_440).contains(timing.start) && (0...1_440).contains(timing.end), "seed \(seed): \(text)")
      #expect(timing.endMinute > timing.start, "seed \(seed): \(text)")
    }
  }
}

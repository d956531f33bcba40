import AppDomain
import AppSampleSite
import AppScrape
import AppStore
import Foundation
import Wording

/// What the store costs with ten years of rows: `StoreBenchmark URL…`, each an empty database.
///
/// Prints, for each, the time of the question for one day (median and 99th of 1,000) and the processor time of this
/// process for reading the pages of 14 worksheets and writing a scrape of as many, of which one row changed; ends with 1
/// when a bound is missed.
@main
enum StoreBenchmark {
  private static let days = 3_650
  private static let dutiesADay = 20

  static func main() async throws {
    var isWithin = true
    for url in CommandLine.arguments.dropFirst() {
      let store = try await DatabaseLocation(url: url).open()
      try await fill(store)
      var times: [Double] = []
      for number in 0..<1_000 {
        let fragment = date(number * 3 % days).dayMonthYear
        let start = ContinuousClock.now
        let rows = try await store.duties(sheetContaining: fragment).count
        times.append((ContinuousClock.now - start).seconds * 1_000)
        guard rows == dutiesADay else { throw StoreError(.differs, "\(rows) rows for \(fragment)") }
      }
      times.sort()
      var costs: [Double] = []
      let pages = try samplePages()
      for round in 0..<50 {
        let sheets = (0..<14).map { sheet(days - 14 + $0, room: $0 == round % 14 ? "round \(round)" : "1") }
        let start = processorSeconds()
        for page in pages {
          guard try !WorksheetPage.read(page).duties.isEmpty else {
            throw StoreError(.differs, "a page without duties")
          }
        }
        _ = try await store.replace(sheets, at: Double(round))
        costs.append((processorSeconds() - start) * 1_000)
      }
      costs.sort()
      print(
        "\(store.place): \(days * dutiesADay) rows; one day: median \(text(times[500])) ms, p99 \(text(times[990])) ms; "
          + "14 worksheets read and written: median \(text(costs[25])) ms of processor time")
      isWithin = isWithin && times[500] < 1 && costs[25] < 50
      try await store.close()
    }
    guard isWithin else {
      FileHandle.standardError.write(Data("a bound was missed: 1 ms for a day, 50 ms for a scrape\n".utf8))
      exit(1)
    }
  }

  private static func fill(_ store: SQLScheduleStore) async throws {
    for first in stride(from: 0, to: days, by: 365) {
      _ = try await store.replace((first..<min(first + 365, days)).map { sheet($0, room: "1") }, at: 0)
    }
  }

  private static func date(_ number: Int) -> CalendarDay { CalendarDay(daysSinceEpoch: 16_801 + number) }

  private static func sheet(_ number: Int, room: String) -> ScheduleDay {
    let date = date(number)
    return ScheduleDay(
      date: date, sheet: "\(date.dayMonthYear) \(date.weekday.rawValue.uppercased())",
      duties: (0..<dutiesADay).map {
        Duty(category: .regular, name: "Dr. \($0) MBBS", timing: "08:00-14:00", room: $0 == 0 ? room : "1")
      })
  }

  /// The bundled week's worksheets, twice.
  private static func samplePages() throws -> [[UInt8]] {
    let site = SampleSite(baseURL: "http://127.0.0.1", today: date(0))
    let path = "/spreadsheets/d/e/2PACX-sample/pubhtml"
    guard let list = site.page(forPath: path, query: nil) else { throw StoreError(.differs, "no worksheet list") }
    let week = WorksheetList.read(list.bytes).compactMap { item in
      site.page(forPath: path + "/sheet", query: "gid=\(item.gid ?? "")")?.bytes
    }
    return week + week
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func text(_ milliseconds: Double) -> String { "\((milliseconds * 1_000).rounded() / 1_000)" }
}

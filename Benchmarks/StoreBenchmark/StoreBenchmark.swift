import AppDomain
import AppScrape
import AppStore
import Foundation
import Support

/// What the store costs with ten years of rows: `StoreBenchmark [--report] URL…`, each an empty database.
///
/// Prints, for each, the time of the question for one day (median and 99th of 1,000), and the processor time of this
/// process for a scrape of 14 worksheets of which one row changed: for reading their pages, and for comparing and
/// writing them. Ends with 1 when a bound is missed, but for `--report`.
@main
enum StoreBenchmark {
  private static let days = 3_650
  private static let dutiesADay = 20

  static func main() async throws {
    var isWithin = true
    let pages = (days - 14..<days).map { Array(page(sheet($0, room: "1")).utf8) }
    for url in CommandLine.arguments.dropFirst() where url != "--report" {
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
      var readings: [Double] = []
      var costs: [Double] = []
      for round in 0..<50 {
        let sheets = (0..<14).map { sheet(days - 14 + $0, room: $0 == round % 14 ? "round \(round)" : "1") }
        var start = processorSeconds()
        let read = try pages.map { try WorksheetPage.read($0).duties.count }
        readings.append((processorSeconds() - start) * 1_000)
        guard read.allSatisfy({ $0 == dutiesADay }) else { throw StoreError(.differs, "\(read) duties were read") }
        start = processorSeconds()
        _ = try await store.replace(sheets, at: Double(round))
        costs.append((processorSeconds() - start) * 1_000)
      }
      readings.sort()
      costs.sort()
      print(
        "\(store.place): \(days * dutiesADay) rows; one day: median \(text(times[500])) ms, p99 \(text(times[990])) ms; "
          + "14 worksheets read: median \(text(readings[25])) ms, compared and written: median \(text(costs[25])) ms of "
          + "processor time")
      isWithin = isWithin && times[500] < 1 && readings[25] + costs[25] < 50
      try await store.close()
    }
    guard isWithin || CommandLine.arguments.contains("--report") else {
      FileHandle.standardError.write(Data("a bound was missed: 1 ms for a day, 50 ms for a scrape\n".utf8))
      exit(1)
    }
  }

  private static func fill(_ store: any ServiceStore) async throws {
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

  /// As the published spreadsheet writes a worksheet.
  private static func page(_ day: ScheduleDay) -> String {
    let header = ["S.NO", "DOCTOR'S NAME", "ROOM NO.", "TIMING", "Shift"]
    let rows = [header] + day.duties.enumerated().map { ["\($0 + 1)", $1.name, $1.room ?? "", $1.timing, ""] }
    let table = rows.enumerated().map { number, cells in
      let row = cells.map { "<td class=\"s1\" dir=\"ltr\">\($0)</td>" }.joined()
      return
        "<tr style=\"height: 20px\"><th id=\"r\(number)\" class=\"row-headers-background\">\(number)</th>\(row)</tr>"
    }
    return
      "<html><body><div class=\"ritz grid-container\"><table class=\"waffle\"><tbody>\(table.joined())</tbody></table>"
      + "</div></body></html>"
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func text(_ milliseconds: Double) -> String { "\((milliseconds * 1_000).rounded() / 1_000)" }
}

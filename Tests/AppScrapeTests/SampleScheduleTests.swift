import AppDomain
import AppSampleSite
import AppScrape
import Curl
import TestSupport
import Testing

struct SampleScheduleTests {
  @Test("every row of every sample worksheet is read")
  func worksheets() throws {
    for layout in try Layout.all() {
      let page = try WorksheetPage.read(Fixture.bytes("sheet-\(layout.gid).html"))
      #expect(page.duties == layout.duties, "\(layout.sheet)")
      #expect(page.messages == [] && page.hasHeader, "\(layout.sheet)")
    }
  }

  @Test("the sample's worksheet list is read with its escapes resolved")
  func list() throws {
    let items = WorksheetList.read(try Fixture.bytes("pubhtml.html"))
    let layouts = try Layout.all()
    #expect(items.map(\.name) == layouts.map(\.sheet))
    #expect(items.map(\.gid) == layouts.map(\.gid))
    #expect(
      items.first?.pageURL
        == "https://docs.google.com/spreadsheets/d/e/2PACX-sample/pubhtml/sheet?headers=false&gid=1420050700")
  }

  @Test("the sample site, served and scraped, is the layout moved to today", arguments: [0, 3, 400])
  func endToEnd(days: Int) async throws {
    let first = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let address = AddressBox()
    let server = try LoopbackServer { head in
      let target = head.split(separator: " ").dropFirst().first ?? ""
      let parts = target.split(separator: "?", maxSplits: 1)
      let site = SampleSite(baseURL: address.url, today: first.adding(days: days))
      guard let page = site.page(forPath: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil) else {
        return .init(status: "404 Not Found")
      }
      return .init(headers: ["Content-Type: \(page.contentType)"], body: page.bytes)
    }
    defer { server.stop() }
    address.set(server.url)
    let source = PortalScheduleSource(
      url: server.url + SampleSite.portalPath, client: try CurlClient(), wait: { _ in })
    let reading = try await source.read()
    #expect(reading.warnings == [])
    let expected = try Layout.all().enumerated().map { index, layout in
      let date = first.adding(days: days + index)
      let space = layout.sheet.contains(" ") ? " " : ""
      return ScheduleDay(
        date: date, sheet: date.dayMonthYear + space + date.weekday.rawValue.uppercased(), duties: layout.duties)
    }
    #expect(reading.days == expected)
    #expect(reading.rowCount == 38)
  }
}

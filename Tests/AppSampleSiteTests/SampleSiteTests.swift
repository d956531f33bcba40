import AppDomain
import AppSampleSite
import Testing

struct SampleSiteTests {
  private let spreadsheet = "/spreadsheets/d/e/2PACX-sample/pubhtml"

  private func site(_ year: Int, _ month: Int, _ day: Int) throws -> SampleSite {
    let today = try #require(CalendarDay(year: year, month: month, day: day))
    return SampleSite(baseURL: "http://127.0.0.1:8123/", today: today)
  }

  private func text(_ site: SampleSite, _ path: String, _ query: String? = nil) throws -> String {
    let page = try #require(site.page(forPath: path, query: query))
    #expect(page.contentType == "text/html; charset=utf-8")
    return String(decoding: page.bytes, as: UTF8.self)
  }

  @Test("the portal page is at / and at the portal's path, and frames the local worksheet list")
  func portalPage() throws {
    let site = try site(2026, 11, 23)
    let page = try text(site, "/")
    #expect(page.contains(#"src="http://127.0.0.1:8123/spreadsheets/d/e/2PACX-sample/pubhtml?gid=1420050700&amp;"#))
    #expect(!page.contains("docs.google.com"))
    #expect(try text(site, "/health-center/en/doctors-schedule") == page)
  }

  @Test("the worksheet list keeps its escapes, leads to this site and begins today, across a year's end")
  func worksheetList() throws {
    let page = try text(site(2027, 12, 29), spreadsheet, "gid=1420050700")
    #expect(page.contains(#"name: "29\/12\/2027 WEDNESDAY", pageUrl: "http:\/\/127.0.0.1:8123\/spreadsheets"#))
    #expect(page.contains(#"name: "31\/12\/2027FRIDAY""#))
    #expect(page.contains(#"name: "04\/01\/2028 TUESDAY""#))
    #expect(page.contains(#"\/pubhtml\/sheet?headers\x3dfalse&gid\x3d1420098214"#))
    #expect(!page.contains("google.com") && !page.contains("2026"))
  }

  @Test("dates that shift onto each other are moved once", arguments: [1, 2, 6])
  func shiftsOnce(days: Int) throws {
    let first = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let site = SampleSite(baseURL: "http://localhost:1", today: first.adding(days: days))
    let page = try text(site, spreadsheet)
    for offset in 0..<7 {
      let expected = first.adding(days: days + offset).dayMonthYear.replacing("/", with: #"\/"#)
      #expect(page.contains("name: \"\(expected)"))
    }
  }

  @Test("worksheets are found by gid and carry their date in the title")
  func worksheets() throws {
    let site = try site(2027, 12, 29)
    let page = try text(site, spreadsheet + "/sheet", "headers=false&gid=1420066538")
    #expect(page.contains("<title>Doctors Schedule : 31/12/2027FRIDAY</title>"))
    #expect(page.contains("Dr. Visiting I - MS (Ortho)"))
  }

  @Test(
    "anything else is not found",
    arguments: [
      ("/favicon.ico", nil), ("/spreadsheets/d/e/2PACX-sample/pubhtml/sheet", nil),
      ("/spreadsheets/d/e/2PACX-sample/pubhtml/sheet", "gid=1"), ("", nil),
    ] as [(String, String?)])
  func notFound(path: String, query: String?) throws {
    #expect(try site(2026, 11, 23).page(forPath: path, query: query) == nil)
  }
}

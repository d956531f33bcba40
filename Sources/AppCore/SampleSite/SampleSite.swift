package import AppDomain

/// The bundled pages of the health centre (portal page, worksheet list, seven worksheets) as if they were published
/// this week: links lead to `baseURL`, and the first worksheet is `today`'s.
///
/// The pages are compiled in, so that they are there wherever the executable is moved to.
package struct SampleSite: Sendable {
  /// One answer of the site.
  package struct Page: Sendable, Equatable {
    package var contentType: String
    package var bytes: [UInt8]
  }

  /// Where the portal keeps its schedule; the same page is served at `/`.
  package static let portalPath = "/health-center/en/doctors-schedule"

  private static let spreadsheetPath = "/spreadsheets/d/e/2PACX-sample/pubhtml"
  private static let spreadsheetHost = "https://docs.google.com"

  private let portal: Page
  private let worksheetList: Page
  private let worksheets: [String: Page]

  /// - Parameters:
  ///   - baseURL: where this site is served, such as `http://127.0.0.1:8080`; a trailing slash is ignored.
  ///   - today: the first worksheet's date; the others follow day by day.
  package init(baseURL: String, today: CalendarDay) {
    let base = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
    let dates = SampleDates(today: today)
    func page(_ bytes: [UInt8]) -> Page {
      let text = dates.shift(String(decoding: bytes, as: UTF8.self))
        .replacing(SampleSite.spreadsheetHost, with: base)
        .replacing(SampleSite.escapingSlashes(SampleSite.spreadsheetHost), with: SampleSite.escapingSlashes(base))
      return Page(contentType: "text/html; charset=utf-8", bytes: Array(text.utf8))
    }
    portal = page(PackageResources.doctors_schedule_html)
    worksheetList = page(PackageResources.pubhtml_html)
    worksheets = [
      "1420050700": page(PackageResources.sheet_1420050700_html),
      "1420058619": page(PackageResources.sheet_1420058619_html),
      "1420066538": page(PackageResources.sheet_1420066538_html),
      "1420074457": page(PackageResources.sheet_1420074457_html),
      "1420082376": page(PackageResources.sheet_1420082376_html),
      "1420090295": page(PackageResources.sheet_1420090295_html),
      "1420098214": page(PackageResources.sheet_1420098214_html),
    ]
  }

  /// The page at `path`, nil where there is none (404).
  /// - Parameter query: without `?`; a worksheet is named by its `gid`.
  package func page(forPath path: String, query: String?) -> Page? {
    switch path {
    case "/", SampleSite.portalPath: portal
    case SampleSite.spreadsheetPath: worksheetList
    case SampleSite.spreadsheetPath + "/sheet": worksheets[SampleSite.gid(in: query ?? "")]
    default: nil
    }
  }

  private static func gid(in query: String) -> String {
    for pair in query.split(separator: "&") where pair.hasPrefix("gid=") { return String(pair.dropFirst(4)) }
    return ""
  }

  /// As the worksheet list's script writes URLs.
  private static func escapingSlashes(_ text: String) -> String { text.replacing("/", with: #"\/"#) }
}

import Curl
import Synchronization

/// Pages as they were last fetched, with what the server knows them by: a page that has not changed is not sent again.
final class PageCache: Sendable {
  struct Page: Sendable {
    var response: CurlResponse

    /// What asks for the page only if it is another now.
    /// - Source: RFC 9110 §13.1.2, §13.1.3.
    var conditions: [(name: String, value: String)] {
      if let tag = response.headers["ETag"] { return [("If-None-Match", tag)] }
      return response.headers["Last-Modified"].map { [("If-Modified-Since", $0)] } ?? []
    }
  }

  /// A portal page, a worksheet list, and a few weeks of worksheets.
  private static let maxPages = 32
  /// A worksheet's page has some 30 KB; larger ones are fetched anew.
  private static let maxPageBytes = 500_000

  private let pages = Mutex<[String: Page]>([:])

  func page(at url: String) -> Page? { pages.withLock { $0[url] } }

  func keep(_ response: CurlResponse, at url: String) {
    let page = Page(response: response)
    let isWorthIt = !page.conditions.isEmpty && response.body.count <= Self.maxPageBytes
    pages.withLock { pages in
      // Worksheets come and go: when there are too many, those of now are enough.
      if pages[url] == nil, pages.count >= Self.maxPages { pages = [:] }
      pages[url] = isWorthIt ? page : nil
    }
  }
}

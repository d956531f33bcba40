@testable import AppScrape

/// The portal's page and the worksheet list's script.
enum PortalTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    let page = Array(input)
    _ = try? PortalPage.worksheetList(in: page, at: "https://example.org/schedule")
    let items = WorksheetList.read(page)
    require(items.count <= page.count, "\(items.count) worksheets in \(page.count) bytes")
  }
}

package import AppDomain

/// One worksheet's page, read.
package struct WorksheetPage: Sendable, Equatable {
  /// Regular doctors first, each category in the order of its rows.
  package var duties: [Duty]
  /// What was not read and what was seen instead.
  package var messages: [String]
  /// Without a header there are no duties, and that says nothing about the day.
  package var hasHeader: Bool

  /// Reads the waffle tables of `page`, or all its tables when none is marked so.
  /// - Throws: `ScrapeError` code `.outOfBounds` or `.notASchedule`.
  package static func read(_ page: [UInt8]) throws(ScrapeError) -> WorksheetPage {
    let document = try HTMLDocument(page)
    var waffles: [WorksheetGrid] = []
    var tables: [WorksheetGrid] = []
    var title = ""
    document.forEachElement { element in
      if element.name == "title", title.isEmpty { title = element.text }
      guard element.name == "table" else { return true }
      if element.hasClass("waffle") {
        waffles.append(WorksheetGrid(element))
      } else if waffles.isEmpty, tables.count < maxTables {
        tables.append(WorksheetGrid(element))
      }
      return waffles.count < maxTables
    }
    let grids = waffles.isEmpty ? tables : waffles
    guard !grids.isEmpty else {
      return WorksheetPage(
        duties: [], messages: ["the page holds no table; its title is '\(title.prefix(100))'"], hasHeader: false)
    }
    let read = grids.map(WorksheetTable.init)
    let useful = read.contains(where: \.hasHeader) ? read.filter(\.hasHeader) : read
    let duties = useful.flatMap(\.duties)
    return WorksheetPage(
      duties: duties.filter { $0.category == .regular } + duties.filter { $0.category == .visiting },
      messages: Array(useful.flatMap(\.messages).prefix(maxMessages)), hasHeader: read.contains(where: \.hasHeader))
  }

  private static let maxTables = 10
  private static let maxMessages = 20
}

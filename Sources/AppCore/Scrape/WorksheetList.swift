/// The worksheets that a published spreadsheet's page lists in its script, one `items.push({…})` each.
package enum WorksheetList {
  package struct Item: Sendable, Equatable {
    /// As the tab says, such as `23/11/2026 MONDAY`.
    package var name: String
    /// Absolute, or relative to the page.
    package var pageURL: String
    package var gid: String?
  }

  /// A spreadsheet has a tab per day; more than this many are not read.
  package static let maxItems = 100

  /// In the page's order, without repetitions of a URL; an item without a name or URL is left out.
  package static func read(_ page: [UInt8]) -> [Item] {
    let call = Array("items.push(".utf8)
    var items: [Item] = []
    var seen: Set<String> = []
    var index = 0
    while items.count < maxItems, let start = page[index...].firstRange(of: call)?.upperBound {
      index = start
      var literal = JavaScriptLiteral(page[start...])
      guard let object = literal.object(), let name = object["name"], let url = object["pageUrl"], !url.isEmpty,
        seen.insert(url).inserted
      else { continue }
      items.append(Item(name: CellText.folded(name), pageURL: url, gid: object["gid"]))
    }
    return items
  }
}

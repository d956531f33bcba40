import AppDomain
import Statistics
import TestSupport
import Testing

@testable import AppScrape

/// Large pages made to cost time or memory: at a megabyte already, anything quadratic takes longer than the limit. Among
/// the long tests they have that size; a tenth of it is enough for what bounds the rows.
struct HostilePageTests {
  private static let bytes = LongTests.areAsked ? 1_000_000 : 100_000

  private static func filled(_ head: String = "", _ pattern: (Int) -> String) -> [UInt8] {
    var page = Array(head.utf8)
    var index = 0
    while page.count < bytes {
      page += pattern(index).utf8
      index += 1
    }
    return page
  }

  private static let table = "<table class=waffle><tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT</tr>"

  /// Each name with its page, made when it is needed.
  private static let pages: [(String, @Sendable () -> [UInt8])] = [
    ("nested elements", { filled { _ in "<div>" } }),
    ("nested tables", { filled { _ in "<table><tr><td>" } }),
    ("end tags that match nothing", { filled(String(repeating: "<b>", count: 200)) { _ in "</i>" } }),
    ("one tag with many attributes", { filled("<a") { " a\($0)" } }),
    ("attributes with tags in them", { filled("<a") { " a\($0)=\"<b>\"" } }),
    ("attributes without spaces", { filled("<a") { " a\($0)='x'" } }),
    ("slashes between attributes", { filled("<a") { "/a\($0)" } }),
    ("one cell", { filled(table + "<tr><td>") { _ in "word " } }),
    ("rows", { filled(table) { "<tr><td>Dr. \($0)<td>1-2 PM" } }),
    ("cells", { filled(table + "<tr>") { "<td>\($0)" } }),
    ("spans", { filled(table) { _ in "<tr><td colspan=2147483647 rowspan=999999999>x" } }),
    ("negative spans", { filled(table) { _ in "<tr><td colspan=-5 rowspan=99999999999999999999>x" } }),
    ("tables", { filled { _ in table + "</table>" } }),
    ("entities", { filled(table) { _ in "&amp;&#x110000;&nosuch;" } }),
    ("comments", { filled { _ in "<!-- -- <a " } }),
    ("a script", { filled("<script>") { "a<b\($0) " } }),
    ("declarations", { filled { _ in "<!x<?y" } }),
    ("NUL", { [UInt8](repeating: 0, count: bytes) }),
    (
      "random bytes",
      {
        var seed = SeededGenerator(seed: 3)
        return (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &seed) }
      }
    ),
    (
      "random markup",
      {
        var seed = SeededGenerator(seed: 4)
        return filled { _ in
          [
            "<td>", "<tr>", "</tr>", "<table class=waffle>", "</table>", "x ", "<td colspan=9>", "<td rowspan=9>",
            "<br>",
          ]
          .randomElement(using: &seed) ?? ""
        }
      }
    ),
  ]

  @Test("takes bounded time and yields bounded rows", .timeLimit(.minutes(1)), arguments: pages.map(\.0))
  func bounded(name: String) throws {
    let page = try #require(HostilePageTests.pages.first { $0.0 == name }?.1())
    do throws(ScrapeError) {
      let read = try WorksheetPage.read(page)
      #expect(read.duties.count <= WorksheetTable.maxDuties)
      #expect(read.messages.count <= 20 && read.messages.allSatisfy { $0.utf8.count < 2_000 })
    } catch { #expect(error.code == .outOfBounds || error.code == .notASchedule) }
    #expect(WorksheetList.read(page).isEmpty)
  }

  @Test("nesting beyond the bound is refused, below it is read")
  func depth() throws {
    func page(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: "<div>", count: depth) + HostilePageTests.table + "<tr><td>Dr. A<td>1-2 PM</table>").utf8)
    }
    #expect(try WorksheetPage.read(page(100)).duties.count == 1)
    #expect(throws: ScrapeError.self) { try WorksheetPage.read(page(300)) }
  }

  @Test("small random documents never trap")
  func fuzz() {
    let pieces = [
      "<table class='waffle'>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<td colspan=3>", "<td rowspan=2>",
      "DOCTOR'S NAME", "TIMING", "ROOM NO.", "SPECIALISTS", "SHIFT", "S.NO", "REGULAR DOCTORS", "VISITING SPECIALISTS",
      "Dr. A", "08:00-14:00", "<th>", "<br>", "&nbsp;", "\u{0}", "é", "<", ">", "\"", "<td class=\"",
    ]
    var seed = SeededGenerator(seed: 11)
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 1...60, using: &seed)).map { _ in pieces.randomElement(using: &seed) ?? "" }
        .joined()
      do { #expect(try WorksheetPage.read(Array(text.utf8)).duties.count <= 60) } catch {
        #expect(error.code == .notASchedule || error.code == .outOfBounds)
      }
    }
  }
}

import AppDomain
import Testing

@testable import AppScrape

/// Each shape that a worksheet may take, with its rows.
struct WorksheetShapeTests {
  private func read(_ rows: String) throws -> WorksheetPage {
    try WorksheetPage.read(
      Array("<html><body><table class=\"waffle\"><tbody>\(rows)</tbody></table></body></html>".utf8))
  }

  /// `a|b` is a row of two cells; a line each.
  private func table(_ text: String) throws -> WorksheetPage {
    try read(
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        "<tr>" + line.split(separator: "|", omittingEmptySubsequences: false).map { "<td>\($0)</td>" }.joined()
          + "</tr>"
      }.joined())
  }

  private let regular = Duty(
    category: .regular, name: "Dr. A", timing: "08:00-14:00", room: "Room No. 6", shift: "Morning")
  private let visiting = Duty(
    category: .visiting, name: "Dr. V, MD", timing: "09:00-10:00", room: "Room No. 8", speciality: "Physician")

  @Test(
    "side by side, stacked, reordered, headers on different rows: the same duties",
    arguments: [
      """
      S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift||S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      1|Dr. A|Room No. 6|08:00-14:00|Morning||1|Dr. V, MD|Physician|Room No. 8|09:00-10:00
      """,
      """
      S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift
      1|Dr. A|Room No. 6|08:00-14:00|Morning
      S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      1|Dr. V, MD|Physician|Room No. 8|09:00-10:00
      """,
      """
      VISITING SPECIALISTS DOCTORS
      S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      1|Dr. V, MD|Physician|Room No. 8|09:00-10:00

      REGULAR DOCTORS/ DENTIST
      S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift
      1|Dr. A|Room No. 6|08:00-14:00|Morning
      """,
      """
      Shift|TIMING|ROOM NO.|DOCTOR'S NAME|S.NO||TIMING|SPECIALISTS|DOCTOR'S NAME|ROOM NO.|S.NO
      Morning|08:00-14:00|Room No. 6|Dr. A|1||09:00-10:00|Physician|Dr. V, MD|Room No. 8|1
      """,
      """
      Name of the Doctor|Timings|Room|Shift|Speciality|Doctor Name|Room Number|Time
      Dr. A|08:00-14:00|Room No. 6|Morning|Physician|Dr. V, MD|Room No. 8|09:00-10:00
      """,
      """
      HEALTH CENTRE|||||||||
      S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift||||
      1|Dr. A|Room No. 6|08:00-14:00|Morning|S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      |||||1|Dr. V, MD|Physician|Room No. 8|09:00-10:00
      """,
      """
      ||S.NO|DOCTOR’S NAME|REMARKS|ROOM NO|TIMING|SHIFT|||PHONE|S. NO.|DOCTORS NAME|SPECIALISTS|ROOM NO.|TIMING|
      ||1|Dr. A|on time|Room No. 6|08:00-14:00|Morning|||123|1|Dr. V, MD|Physician|Room No. 8|09:00-10:00|x
      """,
      """
      S.NO|DOCTOR'S NAME||ROOM NO.|TIMING|Shift|S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      1|Dr. A||Room No. 6|08:00-14:00|Morning|1|Dr. V, MD|Physician|Room No. 8|09:00-10:00
      """,
      """
      S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift||S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift||S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING
      ||||||1|Dr. V, MD|Physician|Room No. 8|09:00-10:00
      1|Dr. A|Room No. 6|08:00-14:00|Morning
      """,
    ])
  func shapes(text: String) throws {
    let page = try table(text)
    #expect(page.duties == [regular, visiting])
    #expect(page.messages == [])
  }

  @Test(
    "with columns missing, the title tells whose table it is",
    arguments: [
      ("VISITING SPECIALISTS DOCTORS\nDOCTOR'S NAME|TIMING\nDr. V|9-10 AM", Duty.Category.visiting),
      ("REGULAR DOCTORS/ DENTIST\nDOCTOR'S NAME|TIMING\nDr. V|9-10 AM", .regular),
      ("DOCTOR'S NAME|TIMING|SHIFT\nDr. V|9-10 AM|", .regular),
      ("DOCTOR'S NAME|TIMING|DEPARTMENT\nDr. V|9-10 AM|", .visiting),
      ("DOCTOR'S NAME|DEPARTMENT|TIMING|SHIFT\nDr. V||9-10 AM|", .regular),
      ("S.NO|DOCTOR'S NAME|DEPARTMENT|ROOM NO.|TIMING|SHIFT\n1|Dr. V|||9-10 AM|", .regular),
    ])
  func titles(text: String, category: Duty.Category) throws {
    let page = try table(text)
    #expect(page.duties == [Duty(category: category, name: "Dr. V", timing: "9-10 AM")])
    #expect(page.messages == [])
  }

  @Test(
    "without a title and without a column of its own, a table is the other one than what is known of the worksheet",
    arguments: [
      // Stacked: a header of other columns begins another table.
      """
      DOCTOR'S NAME|SPECIALISTS|TIMING
      Dr. V|ENT|9-10 AM
      DOCTOR'S NAME|ROOM NO.|TIMING
      Dr. A|1|1-2 PM
      """,
      "DOCTOR'S NAME|ROOM NO.|TIMING||DOCTOR'S NAME|SPECIALISTS|TIMING\nDr. A|1|1-2 PM||Dr. V|ENT|9-10 AM",
      "DOCTOR'S NAME|TIMING|SHIFT||DOCTOR'S NAME|ROOM NO.|TIMING\nDr. A|1-2 PM|I||Dr. V|1|9-10 AM",
      "S.NO|DOCTOR'S NAME|DEPARTMENT|TIMING|SHIFT||S.NO|DOCTOR'S NAME|SPECIALISTS|TIMING\n1|Dr. A|Surgery|1-2 PM|I||1|Dr. V|ENT|9-10 AM",
      "S.NO|DOCTOR'S NAME|DEPARTMENT|TIMING|SHIFT\n1|Dr. A|Surgery|1-2 PM|I\nS.NO|DOCTOR'S NAME|SPECIALISTS|TIMING\n1|Dr. V|ENT|9-10 AM",
      // Both columns in one header.
      "DOCTOR'S NAME|TIMING|SHIFT||DOCTOR'S NAME|SPECIALISTS|TIMING|SHIFT\nDr. A|1-2 PM|I||Dr. V|ENT|9-10 AM|I",
    ])
  func elimination(text: String) throws {
    let page = try table(text)
    #expect(page.duties.map(\.name) == ["Dr. A", "Dr. V"])
    #expect(page.duties.map(\.category) == [.regular, .visiting])
  }

  @Test("a title across both tables names neither; their columns do")
  func titleAcross() throws {
    let page = try read(
      """
      <tr><td colspan="7">REGULAR DOCTORS</td></tr>
      <tr><td>DOCTOR'S NAME</td><td>TIMING</td><td>SHIFT</td><td></td>
      <td>DOCTOR'S NAME</td><td>TIMING</td><td>SPECIALISTS</td></tr>
      <tr><td>Dr. A</td><td>1-2 PM</td><td></td><td></td><td>Dr. V</td><td>3-4 PM</td><td>Physician</td></tr>
      """)
    #expect(page.duties.map(\.category) == [.regular, .visiting])
  }

  @Test("a table that nothing names is read as regular, with a warning")
  func unnamed() throws {
    let page = try table("S.NO|DOCTOR'S NAME|ROOM NO.\n1|Dr. A|Room 1")
    #expect(page.duties == [Duty(category: .regular, name: "Dr. A", timing: "", room: "Room 1")])
    #expect(page.messages.count == 1)
  }

  @Test("a table without rows is no cause for a warning")
  func empty() throws {
    let page = try table(
      "S.NO|DOCTOR'S NAME|ROOM NO.|TIMING|Shift||S.NO|DOCTOR'S NAME|SPECIALISTS|ROOM NO.|TIMING\n1||||||2")
    #expect(page == WorksheetPage(duties: [], messages: [], hasHeader: true))
  }

  @Test("without a header there are no rows, and the warning shows what was seen")
  func noHeader() throws {
    let page = try table("REGULAR DOCTORS/ DENTIST\n1|Dr. A|Room No. 6|08:00-14:00|Morning")
    #expect(page.duties == [] && !page.hasHeader)
    let message = try #require(page.messages.first)
    #expect(message.contains("Dr. A | Room No. 6 | 08:00-14:00"))
  }

  @Test("a title ends the table above it; rows below it wait for a header of their own")
  func titleWithoutHeader() throws {
    let page = try table(
      "DOCTOR'S NAME|TIMING|SHIFT\nDr. A|08:00-14:00|Morning\nVISITING SPECIALISTS\nDr. V|09:00-10:00|Physician")
    #expect(page.duties.map(\.name) == ["Dr. A"])
    #expect(page.messages.count == 1)
    #expect(page.messages.first?.contains("Dr. V | 09:00-10:00 | Physician") == true)
  }

  @Test(
    "rows that name nobody are no duties",
    arguments: ["-|", "NIL|08:00-09:00", "|08:00-09:00", "12|", "HOLIDAY|", "VISITING SPECIALISTS DOCTORS|"])
  func nobody(row: String) throws {
    #expect(try table("DOCTOR'S NAME|TIMING|SHIFT\n\(row)").duties == [])
  }

  @Test("a doctor's row that sounds like a title is a duty")
  func soundsLikeTitle() throws {
    let page = try table(
      "DOCTOR'S NAME|ROOM NO.|TIMING|SHIFT\nDr. A|Dental OPD|9-10 AM|General\nDentist|Dental|9-10 AM|General")
    #expect(page.duties.map(\.name) == ["Dr. A", "Dentist"])
  }

  @Test("colspan: a merged cell belongs to its first column, a merged header to all of its columns")
  func colspan() throws {
    let page = try read(
      """
      <tr><td colspan="6">REGULAR DOCTORS</td></tr>
      <tr><td>S.NO</td><td>DOCTOR'S NAME</td><td colspan="2">TIMING</td><td>ROOM NO.</td><td>SHIFT</td></tr>
      <tr><td>1</td><td>Dr. A</td><td>08:00</td><td>14:00</td><td colspan="2">Room No. 6</td></tr>
      <tr><td>2</td><td>Dr. B</td><td colspan="2">14:00-20:00</td><td>Room No. 7</td><td>Evening</td></tr>
      <tr><td colspan="6">HOLIDAY</td></tr>
      """)
    #expect(
      page.duties == [
        Duty(category: .regular, name: "Dr. A", timing: "08:00 - 14:00", room: "Room No. 6"),
        Duty(category: .regular, name: "Dr. B", timing: "14:00-20:00", room: "Room No. 7", shift: "Evening"),
      ])
    #expect(page.messages == [])
  }

  @Test("rowspan: a room reaches down, a name with two timings is two duties, headers may be two rows high")
  func rowspan() throws {
    let page = try read(
      """
      <tr><td rowspan="2">DOCTOR'S NAME</td><td rowspan="2">ROOM NO.</td><td rowspan="2">TIMING</td><td>SHIFT</td></tr>
      <tr><td></td></tr>
      <tr><td rowspan="2">Dr. A</td><td rowspan="3">Room No. 6</td><td>08:00-10:00</td><td>Morning</td></tr>
      <tr><td>12:00-14:00</td><td>Noon</td></tr>
      <tr><td>Dr. B</td><td rowspan="9999999">14:00-20:00</td><td>Evening</td></tr>
      <tr><td></td><td></td><td></td></tr>
      """)
    #expect(page.duties.map(\.name) == ["Dr. A", "Dr. A", "Dr. B"])
    #expect(page.duties.map(\.timing) == ["08:00-10:00", "12:00-14:00", "14:00-20:00"])
    #expect(page.duties.map(\.room) == ["Room No. 6", "Room No. 6", "Room No. 6"])
    #expect(page.duties.map(\.shift) == ["Morning", "Noon", "Evening"])
  }

  @Test("softmerge wrappers, line breaks, no-break spaces, entities and inline markup are text")
  func cells() throws {
    let page = try read(
      """
      <thead><tr><th class="row-header freezebar-origin-ltr"></th><th>A</th></tr></thead><tbody>
      <tr><th>1</th><td>DOCTOR&#39;S<br>NAME</td><td><b>ROOM</b>&nbsp;NO.</td><td>TIMING</td><td>SHIFT</td></tr>
      <tr><th>2</th><td class="s3 softmerge"><div class="softmerge-inner" style="width:9px">Dr.&nbsp;A &amp; B &lt;x&gt;</div></td>
      <td>Room No. 6<br>(OPD-1)<br/></td><td>06:00&#160;PM &ndash; <span>08</span>:00 PM</td>
      <td><style>.x{}</style><script>var a = "<td>";</script>Eve\u{200B}ning <a href="x">now</a></td></tr>
      """)
    #expect(
      page.duties == [
        Duty(
          category: .regular, name: "Dr. A & B <x>", timing: "06:00 PM – 08:00 PM", room: "Room No. 6 (OPD-1)",
          shift: "Evening now")
      ])
  }

  @Test(
    "a page without a table, or of another kind, says so", arguments: ["<title>Sign in</title><p>x</p>", "{\"a\": 1}"])
  func noTable(text: String) throws {
    let page = try WorksheetPage.read(Array(text.utf8))
    #expect(page.duties == [] && !page.hasHeader)
    #expect(page.messages.count == 1)
  }

  @Test("tables inside cells are text, and other tables of a page with a waffle are left alone")
  func nestedTables() throws {
    let header = "<tr><td>DOCTOR'S NAME</td><td>TIMING</td><td>SHIFT</td></tr>"
    let page = try WorksheetPage.read(
      Array(
        """
        <table>\(header)<tr><td>Dr. Z</td><td>1-2 PM</td></tr></table>
        <table class="waffle no-grid">\(header)<tr><td><table><tr><td>Dr.</td><td>A</td></tr></table></td>
        <td>1-2 PM</td><td></td></tr></table>
        """.utf8))
    #expect(page.duties == [Duty(category: .regular, name: "Dr. A", timing: "1-2 PM")])
  }

  @Test("a page cut off in the middle yields the rows before the cut")
  func truncated() throws {
    let bytes = try Fixture.bytes("sheet-1420058619.html")
    let whole = try WorksheetPage.read(bytes).duties
    for end in stride(from: 0, to: bytes.count, by: 97) {
      do {
        let duties = try WorksheetPage.read(Array(bytes[..<end])).duties
        #expect(duties.count <= whole.count)
      } catch { #expect(error.code == .notASchedule && end < 100) }
    }
  }
}

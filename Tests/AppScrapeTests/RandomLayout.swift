import AppDomain
import Statistics

/// A day's duties and one of the many legal ways to lay them out as a worksheet.
struct RandomLayout: CustomStringConvertible {
  enum Column: CaseIterable { case serial, name, speciality, room, timing, shift, extra }

  struct Table {
    var category: Duty.Category
    var columns: [Column]
    var duties: [Duty]
    var title: String?
    /// Empty rows before the header.
    var lead: Int
    /// After how many duties the header comes again.
    var repeatedAfter: Int?
    /// Its spelling, by column.
    var labels: [Column: String]
  }

  var tables: [Table]
  var isSideBySide: Bool
  private var random: SeededGenerator

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var tables = [Self.table(.regular, &random), Self.table(.visiting, &random)]
    if Int.random(in: 0..<6, using: &random) == 0 { tables.remove(at: Int.random(in: 0...1, using: &random)) }
    if Bool.random(using: &random) { tables.reverse() }
    isSideBySide = Bool.random(using: &random)
    // Where columns don't tell, a title does.
    for index in tables.indices where tables[index].title == nil {
      let columns = tables[index].columns
      if !columns.contains(tables[index].category == .regular ? .shift : .speciality) {
        tables[index].title = Self.titles[tables[index].category]?.randomElement(using: &random)
      }
    }
    self.tables = tables
    self.random = random
  }

  /// In the order in which a reader gives them.
  var duties: [Duty] {
    [Duty.Category.regular, .visiting].flatMap { category in
      tables.filter { $0.category == category }.flatMap(\.duties)
    }
  }

  var description: String { "\(isSideBySide ? "side by side" : "stacked"): \(tables)" }

  /// The worksheet's page.
  mutating func html() -> String {
    var html = "<html><head><title>x</title></head><body><table class=\"waffle\" cellspacing=\"0\"><tbody>"
    for (number, row) in rows().enumerated() {
      html += "<tr style='height:20px'><th class=\"row-headers-background\"><div>\(number + 1)</div></th>\(row)</tr>"
    }
    return html + "</tbody></table></body></html>"
  }

  /// Rows of cells.
  private mutating func rows() -> [String] {
    let blocks = tables.map { lines(of: $0) }
    let gap = Int.random(in: isSideBySide ? 1...2 : 0...3, using: &random)
    let indent = Int.random(in: 0...1, using: &random)
    let empty = "<td></td>"
    var rows: [String] = []
    if Int.random(in: 0..<3, using: &random) == 0 {
      rows.append("<td class=s0 colspan=7>HEALTH CENTRE &ndash; DOCTORS&#39; ROSTER</td>")
    }
    if isSideBySide {
      for index in 0..<(blocks.map(\.count).max() ?? 0) {
        var row = String(repeating: empty, count: indent)
        for (block, table) in zip(blocks, tables) {
          row += index < block.count ? block[index] : String(repeating: empty, count: table.columns.count)
          row += String(repeating: empty, count: gap)
        }
        rows.append(row)
      }
    } else {
      for block in blocks {
        rows += block.map { String(repeating: empty, count: indent) + $0 }
        rows += Array(repeating: empty, count: gap)
      }
    }
    return rows
  }

  private mutating func lines(of table: Table) -> [String] {
    let width = table.columns.count
    let blank = String(repeating: "<td></td>", count: width)
    var rows = Array(repeating: blank, count: table.lead)
    if let title = table.title {
      rows.append(
        Bool.random(using: &random)
          ? "<td colspan=\"\(width)\" class=\"s1\">\(title)</td>"
          : "<td>\(title)</td>" + String(repeating: "<td></td>", count: width - 1))
    }
    let header = table.columns.map { "<td dir=ltr>\(table.labels[$0] ?? "NOTES")</td>" }.joined()
    rows.append(header)
    var merged: Set<Column> = []
    for (index, duty) in table.duties.enumerated() {
      if table.repeatedAfter == index { rows.append(header) }
      let covered = merged
      merged = mergedBelow(index, of: table).subtracting(covered)
      rows.append(
        table.columns.map { column in
          if covered.contains(column) { return "" }
          let text = text(column, of: duty, number: index + 1)
          return merged.contains(column) ? "<td class=s9 rowspan=2>\(text)</td>" : cell(text)
        }.joined())
    }
    if Bool.random(using: &random) { rows.append(blank) }
    return rows
  }

  /// Columns whose cell reaches down into the next duty's row, which says the same there.
  private mutating func mergedBelow(_ index: Int, of table: Table) -> Set<Column> {
    guard index + 1 < table.duties.count, table.repeatedAfter != index + 1 else { return [] }
    var merged: Set<Column> = []
    for column in table.columns where [.room, .shift, .speciality].contains(column) {
      let (here, below) = (
        text(column, of: table.duties[index], number: 0), text(column, of: table.duties[index + 1], number: 0)
      )
      if here == below, !here.isEmpty, !here.contains("&"), Bool.random(using: &random) { merged.insert(column) }
    }
    return merged
  }

  private func text(_ column: Column, of duty: Duty, number: Int) -> String {
    switch column {
    case .serial: "\(number)"
    case .name: duty.name
    case .speciality: duty.speciality ?? ""
    case .room: duty.room ?? ""
    case .timing: duty.timing
    case .shift: duty.shift ?? ""
    case .extra: "ext. \(number)"
    }
  }

  /// One of the ways in which a spreadsheet publishes a text.
  private mutating func cell(_ text: String) -> String {
    var html = ""
    for character in text {
      switch character {
      case "&": html += "&amp;"
      case "<": html += "&lt;"
      case "'": html += ["'", "&#39;", "&#x27;"].randomElement(using: &random) ?? "'"
      case " ":
        html +=
          [" ", " ", " ", "&nbsp;", "  ", "\n", "<br>", "&#160; ", "\u{2009}", " <br/> "]
          .randomElement(using: &random) ?? " "
      default: html.append(character)
      }
    }
    if text.isEmpty {
      return ["<td></td>", "<td class=s2> </td>", "<td>&nbsp;</td>"].randomElement(using: &random) ?? ""
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return "<td class=\"s4 softmerge\"><div class=\"softmerge-inner\" style=\"width:97px\">\(html)</div></td>"
    case 1: return "<td class=\"s4\"><span style=\"font-weight:bold\">\(html)</span></td>"
    case 2: return "<td class=\"s4\">\(html)<br></td>"
    case 3: return "<td rowspan=\"1\" colspan='1'>\(html)"
    default: return "<td class=\"s4\" dir=\"ltr\">\(html)</td>"
    }
  }

  private static func table(_ category: Duty.Category, _ random: inout SeededGenerator) -> Table {
    var columns: [Column] =
      category == .regular ? [.serial, .name, .room, .timing, .shift] : [.serial, .name, .speciality, .room, .timing]
    if Int.random(in: 0..<3, using: &random) == 0 { columns.shuffle(using: &random) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      // A name and a timing stay.
      columns.removeAll { $0 != .name && $0 != .timing && Int.random(in: 0..<3, using: &random) == 0 }
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      columns.insert(.extra, at: Int.random(in: 1..<columns.count, using: &random))
    }
    let duties = (0..<Int.random(in: 0...6, using: &random)).map { _ in
      var duty = Duty(
        category: category, name: names.randomElement(using: &random) ?? "",
        timing: timings.randomElement(using: &random) ?? "")
      if columns.contains(.room) { duty.room = rooms.randomElement(using: &random) ?? nil }
      if columns.contains(.speciality) { duty.speciality = specialities.randomElement(using: &random) ?? nil }
      if columns.contains(.shift) { duty.shift = shifts.randomElement(using: &random) ?? nil }
      return duty
    }
    var chosen: [Column: String] = [:]
    for column in columns { chosen[column] = labels[column]?.randomElement(using: &random) }
    let isTitled = Bool.random(using: &random)
    return Table(
      category: category, columns: columns, duties: duties,
      title: isTitled ? titles[category]?.randomElement(using: &random) : nil,
      lead: Int.random(in: 0...2, using: &random),
      repeatedAfter: Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 0...3, using: &random) : nil,
      labels: chosen)
  }

  private static let names = [
    "Dr. Regular A", "Dr. O'Neill & Sons", "Dr. Anne-Marie Rao- MBBS MD (Internal Medicine)", "Dr. X, MBBS",
    "Dr. Y – MD <Gold>", "Dr. Z", "Dr. Dental Surgeon", "डॉ. शर्मा",
  ]
  private static let timings = [
    "08:00-14:00", "20:00-08:00", "03:30 PM to 07:00 PM", "11:30 AM-01:30 PM", "9 AM – 1 PM", "On call", "9.30 am to 1",
  ]
  private static let rooms: [String?] = ["Room No. 6 (OPD-1)", "Room No. 8", "Dental OPD", "12", nil]
  private static let specialities: [String?] = ["Gynaecology", "Physician", "Ear, Nose & Throat", nil]
  private static let shifts: [String?] = ["Morning", "Night", "General", nil]
  private static let titles: [Duty.Category: [String]] = [
    .regular: ["REGULAR DOCTORS/ DENTIST", "Regular Doctors", "REGULAR DOCTORS &amp; DENTISTS"],
    .visiting: ["VISITING SPECIALISTS DOCTORS", "Visiting Specialists", "VISITING DOCTORS"],
  ]
  private static let labels: [Column: [String]] = [
    .serial: ["S.NO", "S. No.", "Sr. No.", "#", "S.NO."],
    .name: [
      "DOCTOR'S NAME", "DOCTOR&#39;S NAME", "Doctor’s&nbsp;Name", "Name of the Doctor", "DOCTOR<br>NAME",
      "Doctors Name",
    ],
    .speciality: ["SPECIALISTS", "Speciality", "SPECIALIST", "Specialization"],
    .room: ["ROOM NO.", "Room", "Room&nbsp;No", "ROOM NUMBER"],
    .timing: ["TIMING", "Timings", "TIME", "OPD Timing"],
    .shift: ["Shift", "SHIFT", "Duty Shift"],
    .extra: ["REMARKS", "PHONE", "EXT.", ""],
  ]
}

import AppDomain

/// Reads a worksheet's grid by its headers: each duty once, in the order of the rows, regular doctors first.
struct WorksheetTable {
  private(set) var duties: [Duty] = []
  private(set) var messages: [String] = []
  private(set) var hasHeader = false

  private struct Block {
    var header: HeaderBlock
    var category: Duty.Category
  }

  private var blocks: [Block] = []
  /// Titles that no header has followed yet.
  private var titles: [(columns: ClosedRange<Int>, category: Duty.Category)] = []
  /// Text below a title without a header.
  private var orphans: [String] = []

  static let maxDuties = 500

  init(_ grid: WorksheetGrid) {
    for (index, row) in grid.rows.enumerated() {
      guard duties.count < WorksheetTable.maxDuties else {
        messages.append("more than \(WorksheetTable.maxDuties) rows; the rest is left out")
        break
      }
      let consumed = takeHeaders(row).union(takeTitles(row))
      readDuties(row, number: index + 1, except: consumed)
    }
    duties = duties.filter { $0.category == .regular } + duties.filter { $0.category == .visiting }
    if grid.isCut {
      messages.append(
        "the table is larger than \(WorksheetGrid.maxRows) rows by \(WorksheetGrid.maxColumns) columns; the rest is left out"
      )
    }
    if !hasHeader {
      messages.append("no header with a doctor's name and a timing or room was found; seen: \(Self.sample(of: grid))")
    } else if !orphans.isEmpty {
      messages.append("rows below a title without a header were left out; seen: \(orphans.joined(separator: " / "))")
    }
  }

  /// The columns of this row that are header.
  private mutating func takeHeaders(_ row: [WorksheetGrid.Cell]) -> Set<Int> {
    let found = HeaderBlocks.find(in: row, titles: Set(titles.map(\.columns.lowerBound)))
    var consumed: Set<Int> = []
    for header in found {
      hasHeader = true
      let replaced = blocks.first { $0.header.extent.overlaps(header.extent) }
      let joined = header.continuesAbove ? replaced.map { header.joined(to: $0.header) } ?? header : header
      // A title across several tables says nothing about one of them.
      let own = titles.filter { title in found.count { $0.extent.overlaps(title.columns) } == 1 }
      let title = own.last { $0.columns.overlaps(joined.extent) }?.category
      let others = found.filter { $0 != header }.compactMap { Self.category(byColumnsOf: $0) }
      let category = title ?? category(of: joined, replacing: replaced, beside: others)
      blocks.removeAll { $0.header.extent.overlaps(joined.extent) }
      blocks.append(Block(header: joined, category: category))
      consumed.formUnion(joined.extent)
    }
    titles.removeAll { title in found.contains { $0.extent.overlaps(title.columns) } }
    blocks.sort { $0.header.extent.lowerBound < $1.header.extent.lowerBound }
    return consumed
  }

  /// Nil for columns that both tables may have.
  private static func category(byColumnsOf header: HeaderBlock) -> Duty.Category? {
    switch (header.columns[.speciality] != nil, header.columns[.shift] != nil) {
    case (true, false): .visiting
    case (false, true): .regular
    default: nil
    }
  }

  /// - Parameter others: of the tables that begin in the same row.
  private mutating func category(
    of header: HeaderBlock, replacing replaced: Block?, beside others: [Duty.Category]
  ) -> Duty.Category {
    if let category = Self.category(byColumnsOf: header) { return category }
    // The same header again: the same table goes on.
    if let replaced, Set(replaced.header.columns.keys) == Set(header.columns.keys) { return replaced.category }
    // A worksheet has one table of each kind.
    let known = Set(others + blocks.filter { !$0.header.extent.overlaps(header.extent) }.map(\.category))
    if known.count == 1, let other = known.first { return other == .regular ? .visiting : .regular }
    // A table of regular doctors may name departments too; a shift is theirs.
    if header.columns[.shift] != nil { return .regular }
    let isVisiting = header.columns[.speciality] != nil
    let category = isVisiting ? Duty.Category.visiting : .regular
    messages.append("a table says neither by title nor by columns whose it is; read as \(category.rawValue)")
    return category
  }

  /// The columns of this row that are title. A title ends the table it stands in.
  private mutating func takeTitles(_ row: [WorksheetGrid.Cell]) -> Set<Int> {
    var consumed: Set<Int> = []
    for column in row.indices where !row[column].continuesLeft && !row[column].continuesAbove {
      guard let category = TableTitle.category(row[column].text) else { continue }
      let columns = column...(column + row[(column + 1)...].prefix { $0.continuesLeft }.count)
      let around = blocks.first { $0.header.extent.overlaps(columns) }
      if let around {
        // A doctor's row may say "Dental" or "Visiting" somewhere; a title has its table's row to itself.
        let isAlone = around.header.extent.allSatisfy { other in
          columns.contains(other) || !row.indices.contains(other) || row[other].text.isEmpty
        }
        guard isAlone else { continue }
        blocks.removeAll { $0.header.extent.overlaps(columns) }
        consumed.formUnion(around.header.extent)
      }
      titles.append((columns, category))
      consumed.formUnion(columns)
    }
    return consumed
  }

  private mutating func readDuties(_ row: [WorksheetGrid.Cell], number: Int, except consumed: Set<Int>) {
    var isInBlock = false
    for block in blocks where !block.header.extent.contains(where: consumed.contains) {
      isInBlock = true
      readDuty(row, block, number)
    }
    if !isInBlock, consumed.isEmpty, !titles.isEmpty, orphans.count < 3 {
      let seen = row.map(\.text).filter { !$0.isEmpty && Int($0) == nil }.joined(separator: " | ")
      if !seen.isEmpty { orphans.append(String(seen.prefix(120))) }
    }
  }

  private mutating func readDuty(_ row: [WorksheetGrid.Cell], _ block: Block, _ number: Int) {
    func field(_ label: HeaderLabel, joiner: String = " ") -> (text: String, isOwn: Bool) {
      guard let columns = block.header.columns[label] else { return ("", false) }
      let cells = columns.compactMap { row.indices.contains($0) && !row[$0].continuesLeft ? row[$0] : nil }
      let filled = cells.filter { !$0.text.isEmpty }
      let text = filled.map(\.text).joined(separator: joiner)
      // Cells of several columns together are bounded as one is.
      return (filled.count > 1 ? CellText.folded(text) : text, filled.contains { !$0.continuesAbove })
    }
    let name = field(.name)
    let timing = field(.timing, joiner: " - ")
    let others = [field(.room), field(.speciality), field(.shift)]
    guard name.isOwn || timing.isOwn || others.contains(where: \.isOwn) else { return }
    let details = [timing.text] + others.map(\.text)
    guard name.text.contains(where: \.isLetter), !WorksheetTable.nobody.contains(name.text.uppercased()) else {
      if timing.text.contains(where: \.isNumber), name.text.isEmpty {
        messages.append(
          "row \(number) has a timing but no doctor: \(details.filter { !$0.isEmpty }.joined(separator: " | "))")
      }
      return
    }
    // A name that reaches down from above is a second duty only with a timing of its own.
    if !name.isOwn, !timing.isOwn { return }
    if details.allSatisfy(\.isEmpty) {
      messages.append("row \(number) says '\(name.text)' and nothing else; left out")
      return
    }
    if timing.text.isEmpty, block.header.columns[.timing] != nil {
      messages.append("row \(number) has no timing for '\(name.text)'")
    }
    let optional = { (text: String) -> String? in text.isEmpty ? nil : text }
    duties.append(
      Duty(
        category: block.category, name: name.text, timing: timing.text, room: optional(others[0].text),
        speciality: optional(others[1].text), shift: optional(others[2].text)))
  }

  private static let nobody: Set<String> = ["NIL", "NA", "N/A", "NONE", "NULL", "NO DOCTOR", "VACANT"]

  /// The first filled cells, for people to see what the page looks like now.
  private static func sample(of grid: WorksheetGrid) -> String {
    let texts = grid.rows.lazy.flatMap { $0 }.filter { !$0.text.isEmpty && !$0.continuesAbove && Int($0.text) == nil }
    let shown = texts.prefix(8).map { String($0.text.prefix(40)) }
    return shown.isEmpty ? "nothing" : shown.joined(separator: " | ")
  }
}

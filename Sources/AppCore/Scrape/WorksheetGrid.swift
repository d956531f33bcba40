/// A table laid out: every cell at its row and column, with `colspan` and `rowspan` resolved.
struct WorksheetGrid {
  struct Cell: Equatable {
    var text: String
    /// Belongs to a cell that began further left; `text` is empty.
    var continuesLeft = false
    /// Belongs to a cell that began further up; `text` is that cell's.
    var continuesAbove = false
  }

  private(set) var rows: [[Cell]] = []
  /// Whether rows or columns beyond the bounds were left out.
  private(set) var isCut = false

  /// A worksheet of a day has some 20 by 11.
  static let maxRows = 1_000
  static let maxColumns = 100

  /// Cells that reach down into the rows to come, by column.
  private var pending: [Int: (rows: Int, cell: Cell)] = [:]

  init() {}

  /// - Parameter table: a `table` element; tables inside its cells are text.
  init(_ table: borrowing HTMLElement) {
    table.forEachChild { child in
      switch child.name {
      case "tr": append(child)
      case "thead", "tbody", "tfoot":
        child.forEachChild { row in
          if row.name == "tr" { append(row) }
          return !isCut || rows.count < WorksheetGrid.maxRows
        }
        // A cell reaches no further down than its group of rows.
        pending = [:]
      default: break
      }
      return rows.count < WorksheetGrid.maxRows
    }
  }

  private mutating func append(_ row: borrowing HTMLElement) {
    guard rows.count < WorksheetGrid.maxRows else {
      isCut = true
      return
    }
    var cells: [Cell] = []
    row.forEachChild { element in
      guard element.name == "td" || element.name == "th" else { return true }
      fillFromAbove(&cells)
      guard cells.count < WorksheetGrid.maxColumns else {
        isCut = true
        return false
      }
      let columns = WorksheetGrid.span(element.attribute("colspan"), upTo: WorksheetGrid.maxColumns - cells.count)
      let rows = WorksheetGrid.span(element.attribute("rowspan"), upTo: WorksheetGrid.maxRows)
      let text = element.text
      for offset in 0..<columns {
        let cell = Cell(text: offset == 0 ? text : "", continuesLeft: offset > 0)
        if rows > 1 {
          pending[cells.count] = (rows - 1, Cell(text: cell.text, continuesLeft: offset > 0, continuesAbove: true))
        }
        cells.append(cell)
      }
      return true
    }
    fillFromAbove(&cells)
    rows.append(cells)
  }

  private mutating func fillFromAbove(_ cells: inout [Cell]) {
    // Cells that begin in this row were registered at columns below `cells.count`.
    while cells.count < WorksheetGrid.maxColumns, let above = pending[cells.count] {
      pending[cells.count] = above.rows > 1 ? (above.rows - 1, above.cell) : nil
      cells.append(above.cell)
    }
  }

  /// Unreadable spans are 1; `0` (to the end, by HTML) too, which worksheets don't use.
  private static func span(_ attribute: String?, upTo limit: Int) -> Int {
    let digits = (attribute ?? "").prefix(6)
    return min(max(Int(digits) ?? 1, 1), max(limit, 1))
  }
}

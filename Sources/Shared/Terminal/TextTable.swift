/// Columns of text for a terminal, a character a column.
package struct TextTable {
  package enum Alignment { case left, right }

  private var rows: [[String]] = []
  private let alignments: [Alignment]

  package init(_ alignments: [Alignment]) { self.alignments = alignments }

  /// Missing cells are empty.
  package mutating func add(_ cells: String...) { add(cells) }

  package mutating func add(_ cells: [String]) {
    rows.append(cells + Array(repeating: "", count: max(0, alignments.count - cells.count)))
  }

  /// Two spaces before each column; none after the last.
  package func lines(indent: Int = 2) -> [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        alignments[column] == .right ? TextLayout.right(cell, widths[column]) : TextLayout.left(cell, widths[column])
      }
      var line = String(repeating: " ", count: indent) + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

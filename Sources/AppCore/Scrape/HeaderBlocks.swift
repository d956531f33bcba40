/// One table's header: which columns hold what.
struct HeaderBlock: Equatable {
  /// A label's columns: more than one where its header cell spans several.
  var columns: [HeaderLabel: ClosedRange<Int>]
  /// From the first label's column to the last one's.
  var extent: ClosedRange<Int>
  /// Whether labels of the row above reach down into this one: the second row of one header.
  var continuesAbove: Bool

  /// The header of two rows that ends with this one.
  func joined(to above: HeaderBlock) -> HeaderBlock {
    HeaderBlock(
      columns: above.columns.merging(columns) { upper, _ in upper },
      extent: min(extent.lowerBound, above.extent.lowerBound)...max(extent.upperBound, above.extent.upperBound),
      continuesAbove: above.continuesAbove)
  }
}

/// Finds the headers in a row, also of several tables side by side.
enum HeaderBlocks {
  private struct Mark {
    var label: HeaderLabel
    var columns: ClosedRange<Int>
    var continuesAbove: Bool
  }

  /// Left to right. A header has a name column and another one that says when, where or what.
  /// - Parameter titles: the columns at which the titles above begin; a table doesn't reach across one.
  static func find(in row: [WorksheetGrid.Cell], titles: Set<Int> = []) -> [HeaderBlock] {
    let marks = marks(in: row)
    guard marks.contains(where: { $0.label == .name }) else { return [] }
    let names = marks.indices.filter { marks[$0].label == .name }
    var boundaries = [0]
    for (left, right) in zip(names, names.dropFirst()) {
      boundaries.append(boundary(between: left, and: right, from: boundaries.last ?? 0, marks, titles))
    }
    boundaries.append(marks.count)
    return zip(boundaries, boundaries.dropFirst()).compactMap { block(Array(marks[$0..<$1])) }
  }

  private static func marks(in row: [WorksheetGrid.Cell]) -> [Mark] {
    row.indices.compactMap { column in
      guard !row[column].continuesLeft, let label = HeaderLabel(row[column].text) else { return nil }
      let span = row[(column + 1)...].prefix { $0.continuesLeft }.count
      return Mark(label: label, columns: column...(column + span), continuesAbove: row[column].continuesAbove)
    }
  }

  /// Between two name columns one table ends and the next begins: at a title, where a label comes again, at a gap, or
  /// at the label that the left table begins with too. Shifts and specialities are not in one table.
  private static func boundary(
    between left: Int, and right: Int, from start: Int, _ marks: [Mark], _ titles: Set<Int>
  ) -> Int {
    var seen = Set(marks[start...left].map(\.label))
    var limit = left + 1
    while limit < right, seen.insert(marks[limit].label).inserted { limit += 1 }
    func score(_ candidate: Int) -> Int {
      let previousEnd = marks[candidate - 1].columns.upperBound
      let column = marks[candidate].columns.lowerBound
      var score = titles.contains { $0 > previousEnd && $0 <= column } ? 10 : 0
      if marks[candidate].label == marks[start].label { score += 3 }
      if column > previousEnd + 1 { score += 2 }
      if marks[candidate].label == .serial { score += 2 }
      let labels = marks[start..<candidate].map(\.label)
      if labels.contains(.shift), labels.contains(.speciality) { score -= 4 }
      return score
    }
    var best = left + 1
    for candidate in left + 1...limit where score(candidate) >= score(best) { best = candidate }
    return best
  }

  private static func block(_ marks: [Mark]) -> HeaderBlock? {
    guard let first = marks.first, let last = marks.last, marks.contains(where: { $0.label == .name }),
      marks.contains(where: { $0.label != .name && $0.label != .serial })
    else { return nil }
    var columns: [HeaderLabel: ClosedRange<Int>] = [:]
    for mark in marks where columns[mark.label] == nil { columns[mark.label] = mark.columns }
    return HeaderBlock(
      columns: columns, extent: first.columns.lowerBound...last.columns.upperBound,
      continuesAbove: marks.contains(where: \.continuesAbove))
  }
}

import Plans
import Terminal

/// Cost sheets for people, in 100 columns.
package enum CostText {
  /// One sheet: lines, total, notes, sources.
  package static func render(_ sheet: CostSheet) -> [String] {
    var table = TextTable([.left, .left, .right])
    for line in sheet.lines where !line.isUsage { table.add(line.item, line.what + mark(line), line.amount.centsText) }
    let used = sheet.lines.filter(\.isUsage)
    if !used.isEmpty {
      table.add("baseline", "", sheet.baseline.centsText)
      for line in used { table.add(line.item, line.what + mark(line), line.amount.centsText) }
      table.add("usage", "", sheet.usage.centsText)
    }
    let partial = sheet.isPartial ? "partial: \(sheet.leftOut.count) left out, below" : ""
    table.add("total a month", partial, sheet.total.centsText)
    table.add("total a year", partial, sheet.annual.centsText)
    return ["\(sheet.name): US dollars a month by \(sheet.catalogue)"] + table.lines() + notes([sheet])
  }

  /// The guide's prices and today's of the same preset.
  package static func compare(guide: CostSheet, today: CostSheet) -> [String] {
    var table = TextTable([.left, .left, .right, .left, .right])
    table.add("", "by the guide", guide.asOf, "today", today.asOf)
    for (old, new) in zip(guide.lines, today.lines) {
      table.add(old.item, old.what, old.amount.centsText, new.what + mark(new), new.amount.centsText)
    }
    table.add("total a month", "", guide.total.centsText, "", today.total.centsText)
    table.add("total a year", "", guide.annual.centsText, "", today.annual.centsText)
    return ["\(guide.name): US dollars a month"] + table.lines() + difference(guide, today) + notes([guide, today])
  }

  /// Where today's prices differ from the guide's, and by how much.
  private static func difference(_ guide: CostSheet, _ today: CostSheet) -> [String] {
    let changed = zip(guide.lines, today.lines).compactMap { old, new -> String? in
      let change = new.amount.roundedToCents - old.amount.roundedToCents
      return change == .zero ? nil : "\(old.item) \(signed(change)) (\(new.what) for \(old.what))"
    }
    guard !changed.isEmpty else { return ["", "  today costs the same"] }
    let total = signed(today.total - guide.total)
    return [""]
      + TextLayout.wrap("today \(total) a month: \(changed.joined(separator: ", "))", first: "  ", rest: "    ")
  }

  static func signed(_ change: Money) -> String { (change > .zero ? "+" : "") + change.centsText }

  private static func mark(_ line: CostLine) -> String { line.source.confidence == .low ? " (low confidence)" : "" }

  static func notes(_ sheets: [CostSheet]) -> [String] {
    var notes: [String] = []
    for sheet in sheets {
      notes += sheet.leftOut + sheet.notes
      notes += sheet.lines.compactMap { line in line.note.map { "\(line.what): \($0)" } }
    }
    var lines: [String] = notes.isEmpty ? [] : [""]
    for note in notes { lines += TextLayout.wrap(note, first: "  - ", rest: "    ") }
    var sources: [String] = []
    for source in sheets.flatMap(\.lines).map(\.source) {
      let text = "\(source.text) (\(source.asOf)\(source.confidence.map { ", \($0.rawValue) confidence" } ?? ""))"
      if !sources.contains(text) { sources.append(text) }
    }
    return lines + [""] + TextLayout.wrap(sources.joined(separator: "; "), first: "  sources: ", rest: "  ")
  }
}

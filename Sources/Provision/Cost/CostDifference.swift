package import Plans
import Terminal
import Wording

/// What one set-up costs more or less than another, by what is paid for.
package struct CostDifference: Sendable {
  package var old: CostSheet
  package var new: CostSheet
  /// In the order of the new sheet; what is only in the old one is at the end.
  package var changes: [Change]

  /// One thing in both sheets, or in one of them.
  package struct Change: Sendable {
    package var item: String
    package var old: [CostLine]
    package var new: [CostLine]

    package var before: Money { CostDifference.sum(old) }
    package var after: Money { CostDifference.sum(new) }
    package var amount: Money { after - before }
    /// `+`, `-` or `~`; a space where nothing changes.
    package var sign: String {
      if old.isEmpty { return "+" }
      if new.isEmpty { return "-" }
      return old.map(\.what) == new.map(\.what) && amount == .zero ? " " : "~"
    }
  }

  package init(from old: CostSheet, to new: CostSheet) {
    self.old = old
    self.new = new
    var items: [String] = []
    var seen: Set<String> = []
    for line in new.lines + old.lines where seen.insert(line.item).inserted { items.append(line.item) }
    let before = Dictionary(grouping: old.lines, by: \.item)
    let after = Dictionary(grouping: new.lines, by: \.item)
    changes = items.map { Change(item: $0, old: before[$0] ?? [], new: after[$0] ?? []) }
  }

  package var total: Money { new.total - old.total }

  static func sum(_ lines: [CostLine]) -> Money { lines.map(\.amount.roundedToCents).reduce(.zero, +) }

  // MARK: For people

  /// A row a thing that changes, its parts below.
  package func text() -> [String] {
    var table = TextTable([.left, .left, .right, .right, .right])
    table.add("", "", "before", "now", "change")
    let changed = changes.filter { $0.sign != " " }
    for change in changed {
      table.add(
        change.sign, change.item, change.old.isEmpty ? "" : change.before.centsText,
        change.new.isEmpty ? "" : change.after.centsText, CostText.signed(change.amount))
      let (before, after) = (change.old.map(\.what), change.new.map(\.what))
      for line in change.old where !after.contains(line.what) { table.add("", "- \(line.what)", line.amount.centsText) }
      for line in change.new where !before.contains(line.what) {
        table.add("", "+ \(line.what)", "", line.amount.centsText)
      }
    }
    let same = changes.count - changed.count
    if same > 0 { table.add("", "\(CountText.plural(same, "other thing")), unchanged") }
    table.add("", "total a month", old.total.centsText, new.total.centsText, CostText.signed(total))
    return ["\(old.name) → \(new.name): US dollars a month by \(new.catalogue)"] + table.lines() + partial()
      + CostText.notes([new])
  }

  /// As a comment on a pull request has it.
  package func markdown() -> [String] {
    var lines = [
      "**\(CostText.signed(total)) US dollars a month** (\(old.total.centsText) → \(new.total.centsText))", "",
      "| | what | before | now | change |", "|---|---|---:|---:|---:|",
    ]
    for change in changes where change.sign != " " {
      let parts = (change.new.isEmpty ? change.old : change.new).map(\.what).joined(separator: "; ")
      lines.append(
        "| \(change.sign) | \(CostMarkdown.cell("\(change.item): \(parts)")) "
          + "| \(change.old.isEmpty ? "" : change.before.centsText) "
          + "| \(change.new.isEmpty ? "" : change.after.centsText) | \(CostText.signed(change.amount)) |")
    }
    if !changes.contains(where: { $0.sign != " " }) { lines.append("| | nothing changes | | | 0.00 |") }
    return lines + [""] + CostMarkdown.notes(new)
  }

  private func partial() -> [String] {
    guard old.isPartial || new.isPartial else { return [] }
    return ["  partial: \(old.leftOut.count) left out before, \(new.leftOut.count) now"]
  }
}

/// A cost sheet as Markdown.
package enum CostMarkdown {
  package static func render(_ sheet: CostSheet) -> [String] {
    var lines = [
      "**\(sheet.total.centsText) US dollars a month** for \(cell(sheet.name)), \(sheet.annual.centsText) a year", "",
      "| | what | a month |", "|---|---|---:|",
    ]
    for line in sheet.lines {
      lines.append(
        "| \(cell(line.item)) | \(cell(line.what))\(line.isUsage ? " (usage)" : "") | \(line.amount.centsText) |")
    }
    return lines + ["| **total** | | **\(sheet.total.centsText)** |", ""] + notes(sheet)
  }

  static func notes(_ sheet: CostSheet) -> [String] {
    let left = sheet.leftOut.map { "- not counted: \(cell($0))" }
    let readings = Set(sheet.lines.map { "\($0.source.text) (\($0.source.asOf))" }).sorted()
    return left + (left.isEmpty ? [] : [""]) + ["Prices: \(readings.map(cell).joined(separator: "; "))."]
  }

  /// On one line, with nothing that Markdown or HTML would read.
  static func cell(_ text: String) -> String {
    var cell = ""
    for character in DisplayText.line(text, limit: 300) {
      switch character {
      case "|", "\\", "`", "*", "_", "[", "]", "~", "#": cell += "\\\(character)"
      case "<": cell += "&lt;"
      case ">": cell += "&gt;"
      case "&": cell += "&amp;"
      case "@": cell += "&#64;"
      default: cell.append(character)
      }
    }
    return cell
  }
}

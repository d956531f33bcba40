package import Documents
package import Plans
import Wording

/// Mends in a blueprint's text what can be mended without asking: comments, order and layout stay.
package struct LintFixer {
  /// The file's text, mended.
  package var text: String
  /// What was mended, in the order of the file.
  package var mended: [LintFinding] = []
  /// As `diff -u` has it; empty when nothing is mended.
  package var difference = ""

  /// - Parameter text: what `root` was read from.
  /// A finding whose place isn't as it should be (an edit that meets another, a scalar over two lines) is left to its
  /// owner, and so is all of it where the mended text couldn't be read or had more errors than the old one.
  package init(_ text: String, file: String, catalogue: Catalogue) throws(DocumentError) {
    let before = Linter.findings(in: try DocumentReader().read(text: text, file: file), catalogue: catalogue)
    self.text = text
    var editable = EditableText(text)
    let old = editable.texts
    var byLine: [Int: [TextEdit]] = [:]
    var mended: [LintFinding] = []
    for finding in before where !finding.fix.isEmpty {
      let new = finding.fix.filter { byLine[$0.position.line]?.contains($0) != true }
      let isFree = new.allSatisfy { edit in
        editable.fits(edit) && byLine[edit.position.line]?.contains(where: edit.meets) != true
      }
      guard isFree else { continue }
      for edit in new { byLine[edit.position.line, default: []].append(edit) }
      mended.append(finding)
    }
    guard !mended.isEmpty else { return }
    editable.apply(byLine.values.flatMap(\.self))
    let new = editable.texts
    let fixed = new.joined(separator: "\n")
    guard let after = try? DocumentReader().read(text: fixed, file: file),
      Self.isNotWorse(Linter.findings(in: after, catalogue: catalogue), than: before)
    else { return }
    self.text = fixed
    self.mended = mended
    difference = UnifiedDiff.changed(old, new, file: file)
  }

  /// A plan that is spelt rightly may have a warning of its own.
  private static func isNotWorse(_ after: [LintFinding], than before: [LintFinding]) -> Bool {
    func errors(_ findings: [LintFinding]) -> Int { findings.count { $0.severity == .error } }
    return errors(after) <= errors(before)
  }
}

/// Changed lines as `diff -u` has them.
package enum UnifiedDiff {
  /// Two texts of equally many lines: lines are changed only, never added. Three lines of context; empty when nothing
  /// changes.
  package static func changed(_ old: [String], _ new: [String], file: String) -> String {
    let changed = old.indices.filter { old[$0] != new[$0] }
    guard !changed.isEmpty else { return "" }
    var hunks: [ClosedRange<Int>] = []
    for index in changed {
      let range = max(0, index - 3)...min(old.count - 1, index + 3)
      if let last = hunks.indices.last, range.lowerBound <= hunks[last].upperBound + 1 {
        hunks[last] = hunks[last].lowerBound...range.upperBound
      } else {
        hunks.append(range)
      }
    }
    var result = ["--- a/\(file)", "+++ b/\(file)"]
    for hunk in hunks {
      // The empty piece after the last newline is no line.
      let upper = hunk.upperBound == old.count - 1 && old.last?.isEmpty == true ? hunk.upperBound - 1 : hunk.upperBound
      let count = upper - hunk.lowerBound + 1
      result.append("@@ -\(hunk.lowerBound + 1),\(count) +\(hunk.lowerBound + 1),\(count) @@")
      for index in hunk.lowerBound...upper {
        result += old[index] == new[index] ? [" \(old[index])"] : ["-\(old[index])", "+\(new[index])"]
      }
    }
    return result.joined(separator: "\n") + "\n"
  }
}

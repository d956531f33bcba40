import Foundation

/// Where a file first differs from what would be written.
package struct BlueprintDifference: Sendable, Equatable {
  package var line: Int
  /// Nil past the last line.
  package var expected: String?
  package var found: String?

  /// Nil when both are the same text.
  package static func first(expected: String, found: String) -> BlueprintDifference? {
    guard expected != found else { return nil }
    let expected = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let found = found.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let line = zip(expected, found).prefix { $0 == $1 }.count
    return BlueprintDifference(
      line: line + 1, expected: expected.indices.contains(line) ? expected[line] : nil,
      found: found.indices.contains(line) ? found[line] : nil)
  }
}

extension Deployment {
  /// The plan set's file, seen from where the deployment's file was.
  package func path(of planSet: PlanSet) -> String {
    let folder = (file as NSString).deletingLastPathComponent
    let joined = folder.isEmpty ? planSet.blueprint : "\(folder)/\(planSet.blueprint)"
    return Self.withoutDots(joined)
  }

  /// `deploy/../render.yaml` as `render.yaml`.
  static func withoutDots(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}

/// What of a request decides how the edge treats it.
package struct EdgeRequest: Sendable, Equatable {
  /// Unique in a run.
  package var id: UInt64
  /// `GET /schedules`: the cause in the event log, without the query.
  package var label: String
  /// Its Accept names `text/html`: a person's browser, which gets a page at once rather than waiting.
  package var wantsPage: Bool
  /// GET or HEAD of `/robots.txt`.
  package var isRobots: Bool

  package init(id: UInt64, label: String, wantsPage: Bool = false, isRobots: Bool = false) {
    self.id = id
    self.label = label
    self.wantsPage = wantsPage
    self.isRobots = isRobots
  }

  /// - Parameter target: the request line's, with its query.
  package init(id: UInt64, method: String, target: String, accept: [String]) {
    let path = target.prefix { $0 != "?" && $0 != "#" }
    let shown = path.unicodeScalars.prefix(120).map { (0x21...0x7E).contains($0.value) ? Character($0) : "?" }
    self.init(
      id: id, label: "\(method) \(String(shown))", wantsPage: accept.contains(where: Self.namesPage),
      isRobots: path == "/robots.txt" && (method == "GET" || method == "HEAD"))
  }

  /// `text/html` among the media ranges, unless it is weighted away by `q=0`; wildcards don't count.
  /// - Source: RFC 9110 §12.5.1 for the syntax; the rule is the edge's as captured on 2026-07-16.
  private static func namesPage(_ accept: String) -> Bool {
    accept.split(separator: ",").contains { range in
      let parts = range.split(separator: ";").map { part in
        part.filter { $0 != " " && $0 != "\t" }.lowercased()
      }
      guard parts.first == "text/html" else { return false }
      return !parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
    }
  }
}

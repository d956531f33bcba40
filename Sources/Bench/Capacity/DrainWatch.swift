/// Says when a service has done what an overload left it to do: when it answers one visit as it did before any load, twice in
/// a row. Pure.
package struct DrainWatch: Sendable {
  /// Seconds that a visit may take; nil where none was answered before any load.
  private let limit: Double?
  private var inARow = 0

  /// - Parameter before: seconds of visits before any load; nil for one that failed.
  package init(before: [Double?]) {
    // One in some is slow without a reason; what waits behind a backlog is slower than that.
    limit = before.compactMap(\.self).max().map { $0 * 1.5 + 0.02 }
  }

  /// - Parameter seconds: of one more visit; nil when it failed.
  /// - Returns: whether the service has drained.
  package mutating func record(_ seconds: Double?) -> Bool {
    // A service that never answered well can't be waited for.
    guard let limit else { return true }
    inARow = (seconds ?? .infinity) <= limit ? inARow + 1 : 0
    return inARow >= 2
  }
}

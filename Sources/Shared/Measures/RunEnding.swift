/// Why a run ended. Raw values are the report's.
package enum RunEnding: String, Codable, Sendable, CaseIterable {
  case completed
  /// The user interrupted it.
  case interrupted
  /// A budget's `abort after` held.
  case aborted
  /// The generator could not go on.
  case failed
}

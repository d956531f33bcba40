/// What became of iterations: `scheduled = started + dropped`; `started = completed + failed + interrupted`. The warm-up's
/// are included.
package struct IterationCounts: Counters {
  package var scheduled: UInt64 = 0
  package var started: UInt64 = 0
  /// Arrivals that were due but never began, because the run ended first or because of the next.
  package var dropped: UInt64 = 0
  /// Of the dropped, those that found every place taken and were not to wait (`overflow: drop`).
  package var droppedByOverflow: UInt64 = 0
  package var completed: UInt64 = 0
  /// At least one of its requests failed.
  package var failed: UInt64 = 0
  package var interrupted: UInt64 = 0
  /// Of the started, arrivals that had waited over a second for a place when the planned time was over.
  package var startedLate: UInt64 = 0

  package init() {}

  /// Anything else is a defect of the generator.
  package var isConserved: Bool {
    scheduled == started &+ dropped && started == completed &+ failed &+ interrupted
      && droppedByOverflow <= dropped && startedLate <= started
  }

  package static let fields: [Counter<Self>] = [
    Counter("scheduled", \.scheduled), Counter("started", \.started), Counter("dropped", \.dropped),
    Counter("dropped_by_overflow", \.droppedByOverflow, isRecent: true), Counter("completed", \.completed),
    Counter("failed", \.failed), Counter("interrupted", \.interrupted),
    Counter("started_late", \.startedLate, isRecent: true),
  ]

  package init(from decoder: any Decoder) throws {
    try self.init(fieldsFrom: decoder)
    // Told from the counts, but no report is without it.
    _ = try decoder.container(keyedBy: CodingKeys.self).decode(Bool.self, forKey: .conserved)
  }

  package func encode(to encoder: any Encoder) throws {
    try encodeFields(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(isConserved, forKey: .conserved)
  }

  private enum CodingKeys: String, CodingKey { case conserved }
}

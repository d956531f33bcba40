/// How figures went over many versions of a service: `schemas/history.schema.json`, explained in `docs/comparison.md`.
package struct HistoryReport: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-history", version: 1)

  package private(set) var schema = Self.schema
  package var scenario: String
  /// In order of their beginning.
  package var runs: [Run]
  package var figures: [Figure]
  package var warnings: [String]

  package init(scenario: String, runs: [Run], figures: [Figure], warnings: [String]) {
    self.scenario = scenario
    self.runs = runs
    self.figures = figures
    self.warnings = warnings
  }

  package struct Run: Codable, Sendable, Equatable {
    /// The folder that its report is in: a commit, where each has one.
    package var name: String
    package var startedAt: UTCInstant

    package init(name: String, startedAt: UTCInstant) {
      self.name = name
      self.startedAt = startedAt
    }

    private enum CodingKeys: String, CodingKey {
      case name
      case startedAt = "started_at"
    }
  }

  package struct Figure: Codable, Sendable, Equatable {
    package var name: String
    package var unit: Quantity.Unit
    /// A value a run; null where it was never answered.
    package var values: [Double?]
    /// In order.
    package var changes: [Change]

    package init(name: String, unit: Quantity.Unit, values: [Double?], changes: [Change]) {
      self.name = name
      self.unit = unit
      self.values = values
      self.changes = changes
    }
  }

  package struct Change: Codable, Sendable, Equatable {
    /// The first run behind it.
    package var run: String
    /// Its place in `runs`, from 0.
    package var place: Int
    /// The middle value between the changes before and behind it; null where most were never answered.
    @Nullable package var before: Double?
    @Nullable package var after: Double?
    /// By how much: relative for times, rates and counts, a difference for shares.
    package var shift: Double
    package var isWorse: Bool
    /// Of so large a change in a history that never changed.
    package var chance: Double

    package init(
      run: String, place: Int, before: Double?, after: Double?, shift: Double, isWorse: Bool, chance: Double
    ) {
      self.run = run
      self.place = place
      self.before = before
      self.after = after
      self.shift = shift
      self.isWorse = isWorse
      self.chance = chance
    }

    private enum CodingKeys: String, CodingKey {
      case run, place, before, after, shift, chance
      case isWorse = "is_worse"
    }
  }
}

extension HistoryReport: BoundedDocument {
  package func checkBounds() throws(EvidenceError) {
    for (index, figure) in figures.enumerated() {
      let path = "figures[\(index)]"
      try bound("\(path).values", figure.values.count == runs.count)
      try bound(path, nonNegative: figure.values)
      for change in figure.changes {
        try bound("\(path).changes", runs.indices.contains(change.place))
        try bound("\(path).changes", nonNegative: [change.before, change.after])
        try bound("\(path).changes", ["chance": change.chance], in: 0...1)
        try bound("\(path).changes", ["shift": change.shift], in: -1...1e15)
      }
    }
  }
}

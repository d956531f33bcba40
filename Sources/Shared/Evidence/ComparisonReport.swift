package import Statistics

/// What became of figures between two versions of a service: `schemas/comparison.schema.json`, explained in
/// `docs/comparison.md`.
package struct ComparisonReport: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-comparison", version: 1)

  package private(set) var schema = Self.schema
  package var scenario: String
  package var base: Side
  package var head: Side
  package var rule: Rule
  /// Those that were judged, in the author's order.
  package var figures: [Figure]
  /// What makes the comparison worth less than it looks.
  package var warnings: [String]
  /// The worst of the figures': regressed, undecided, improved, equivalent.
  package var outcome: Outcome
  /// 0...255, by the table of exit codes.
  package var exitCode: Int
  /// How both were measured at once, block after block, a block being a run; nil for runs that had been kept.
  package var duet: Duet?

  package init(
    scenario: String, base: Side, head: Side, rule: Rule, figures: [Figure], warnings: [String], outcome: Outcome,
    exitCode: Int
  ) {
    self.scenario = scenario
    self.base = base
    self.head = head
    self.rule = rule
    self.figures = figures
    self.warnings = warnings
    self.outcome = outcome
    self.exitCode = exitCode
  }

  package struct Side: Codable, Sendable, Equatable {
    /// As it was given.
    package var source: String
    package var runs: Int

    package init(source: String, runs: Int) {
      self.source = source
      self.runs = runs
    }
  }

  package struct Rule: Codable, Sendable, Equatable {
    /// Above 0: what is less is no difference, of times, rates and counts relative to the base.
    package var effect: Double
    /// The same of shares, such as what failed: a difference of two shares.
    package var shareEffect: Double
    /// The chance that a figure of equal services is called different, all figures together: either way for kept runs, each
    /// way for a duet.
    package var level: Double
    /// Of the interval that has to lie within the effect for two sides to be equivalent.
    package var confidence: Double

    package init(effect: Double = 0.05, shareEffect: Double = 0.005, level: Double = 0.05, confidence: Double = 0.9) {
      self.effect = effect
      self.shareEffect = shareEffect
      self.level = level
      self.confidence = confidence
    }

    private enum CodingKeys: String, CodingKey {
      case effect, level, confidence
      case shareEffect = "share_effect"
    }
  }

  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case regressed, undecided, improved, equivalent
  }

  package struct Figure: Codable, Sendable, Equatable {
    /// `response_time{step:schedules} p(95)`.
    package var name: String
    package var unit: Quantity.Unit
    /// The middle run's; null where it was never answered.
    @Nullable package var base: Double?
    @Nullable package var head: Double?
    /// From base to head: relative for times and rates, a difference for shares; null where it is without bound.
    @Nullable package var change: Estimate?
    /// Of a difference as large as this between equal services.
    package var chance: Double
    package var outcome: Outcome
    /// Of an undecided figure: why, and what would decide it.
    @Nullable package var reason: String?

    package init(
      name: String, unit: Quantity.Unit, base: Double?, head: Double?, change: Estimate?, chance: Double,
      outcome: Outcome, reason: String?
    ) {
      self.name = name
      self.unit = unit
      self.base = base
      self.head = head
      self.change = change
      self.chance = chance
      self.outcome = outcome
      self.reason = reason
    }
  }

  package struct Duet: Codable, Sendable, Equatable {
    /// Of every block, after its warm-up.
    package var blockSeconds: Double
    package var warmUpSeconds: Double
    /// Every block had processes of its own, so that what is peculiar to one process is no difference.
    package var startsAnew: Bool
    /// Of this machine's processors, 0...1, in the middle block; null where nobody counts it.
    @Nullable package var busy: Double?
    /// A server that does nothing, beside either side: where it differs, the machine made the difference.
    package var control: Figure
    /// What gates of some lengths find here.
    package var findable: [Findable]

    package init(
      blockSeconds: Double, warmUpSeconds: Double, startsAnew: Bool, busy: Double?, control: Figure,
      findable: [Findable] = []
    ) {
      self.blockSeconds = blockSeconds
      self.warmUpSeconds = warmUpSeconds
      self.startsAnew = startsAnew
      self.busy = busy
      self.control = control
      self.findable = findable
    }

    /// The least difference of one figure that such a gate calls by its name nine times of ten, by the noise that was seen.
    package struct Findable: Codable, Sendable, Equatable {
      /// Its name.
      package var figure: String
      package var blocks: Int
      /// Of the whole gate.
      package var seconds: Double
      /// Relative, or a difference of shares.
      package var effect: Double

      package init(figure: String, blocks: Int, seconds: Double, effect: Double) {
        self.figure = figure
        self.blocks = blocks
        self.seconds = seconds
        self.effect = effect
      }
    }

    private enum CodingKeys: String, CodingKey {
      case busy, control, findable
      case blockSeconds = "block_s"
      case warmUpSeconds = "warm_up_s"
      case startsAnew = "starts_anew"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, scenario, base, head, rule, figures, warnings, outcome, duet
    case exitCode = "exit_code"
  }
}

extension ComparisonReport: BoundedDocument {
  package func checkBounds() throws(EvidenceError) {
    for (name, side) in [("base", base), ("head", head)] {
      try bound("\(name).runs", (1...1_000_000).contains(side.runs))
    }
    try bound(
      "rule",
      ["effect": rule.effect, "share_effect": rule.shareEffect, "level": rule.level, "confidence": rule.confidence],
      in: 0...1)
    for (index, figure) in figures.enumerated() { try checkBounds("figures[\(index)]", figure) }
    if let duet {
      try bound("duet", nonNegative: [duet.blockSeconds, duet.warmUpSeconds])
      try bound("duet", ["busy": duet.busy], in: 0...1)
      try checkBounds("duet.control", duet.control)
      for (index, findable) in duet.findable.enumerated() {
        try bound("duet.findable[\(index)].blocks", (1...1_000_000).contains(findable.blocks))
        try bound("duet.findable[\(index)]", nonNegative: [findable.seconds, findable.effect])
      }
    }
    try bound("exit_code", (0...255).contains(exitCode))
  }

  private func checkBounds(_ path: String, _ figure: Figure) throws(EvidenceError) {
    try bound(path, nonNegative: [figure.base, figure.head])
    try bound(path, ["chance": figure.chance], in: 0...1)
    try bound("\(path).change", figure.change, in: -1...1e15)
  }
}

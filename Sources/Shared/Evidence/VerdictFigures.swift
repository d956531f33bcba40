/// What a run comes to.
package struct VerdictFigures: Codable, Sendable, Equatable {
  package var outcome: Outcome
  /// 0...255, by the table of exit codes.
  package var exitCode: Int
  /// Sentences, the deciding one first; empty for a pass.
  package var reasons: [String]

  package init(outcome: Outcome, exitCode: Int, reasons: [String] = []) {
    self.outcome = outcome
    self.exitCode = exitCode
    self.reasons = reasons
  }

  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case pass
    /// A budget was not met.
    case fail
    /// A budget had nothing to judge.
    case noData = "no_data"
    /// The generator's own lag could have flipped a verdict, or it ran out of descriptors or ports.
    case generatorBound = "generator_bound"
    /// Not one complete answer came.
    case neverAnswered = "never_answered"
    case interrupted
    /// A defect of the tool.
    case error
  }

  private enum CodingKeys: String, CodingKey {
    case outcome, reasons
    case exitCode = "exit_code"
  }
}

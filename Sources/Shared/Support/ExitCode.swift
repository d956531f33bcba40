/// The one table of exit codes. When several hold at once, `first(of:)` says which is reported.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case pass = 0
  /// The command line could not be understood.
  case usage = 64
  /// An input file or a peer's data could not be used.
  case badData = 65
  /// A peer that the command depends on could not be reached.
  case unavailable = 69
  /// A defect of Outgrown itself.
  case `internal` = 70
  /// The load's target never gave one complete HTTP answer.
  case targetNeverAnswered = 96
  /// The generator could not keep up, and that could flip a verdict.
  case generatorBound = 97
  /// A budget had no samples to judge.
  case noData = 98
  /// A budget, a condition, a lint rule or `--fail-on` was not met.
  case notMet = 99
  /// The scenario or the configuration is invalid.
  case invalidConfiguration = 104
  case interrupted = 105

  /// The order in which codes win when several apply.
  private static let precedence: [ExitCode] = [
    .internal, .interrupted, .invalidConfiguration, .targetNeverAnswered, .noData, .generatorBound, .notMet,
  ]

  /// The code to exit with when all of `codes` apply: the first by precedence, then any other failure, then `pass`.
  package static func first(of codes: some Sequence<ExitCode>) -> ExitCode {
    let codes = Set(codes)
    return precedence.first(where: codes.contains)
      ?? codes.filter { $0 != .pass }.min { $0.rawValue < $1.rawValue }
      ?? .pass
  }
}

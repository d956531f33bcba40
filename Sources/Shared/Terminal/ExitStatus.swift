/// The one table of exit codes. When several hold at once, `first(of:)` says which is reported.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case pass = 0
  /// The command line could not be understood.
  case usage = 64
  /// An input file or a peer's data could not be used.
  case badData = 65
  /// What the command needs of its surroundings was not to be had: a peer that answers, a port, a place to write to,
  /// control groups.
  case unavailable = 69
  /// A defect of Outgrown itself.
  case `internal` = 70
  /// The load's target never gave one complete HTTP answer.
  case targetNeverAnswered = 96
  /// The generator could not keep up, and that could flip a verdict.
  case generatorBound = 97
  /// Nothing was seen of what was to be judged or reported: a budget without samples, a service without a history.
  case noData = 98
  /// A budget, a condition, a lint rule or `--fail-on` was not met.
  case notMet = 99
  /// The scenario or the configuration is invalid.
  case invalidConfiguration = 104
  case interrupted = 105

  /// In a few words, as the documents have it.
  package var meaning: String {
    switch self {
    case .pass: "pass"
    case .usage: "usage"
    case .badData: "bad data"
    case .unavailable: "unavailable"
    case .internal: "internal"
    case .targetNeverAnswered: "target never answered"
    case .generatorBound: "generator-bound"
    case .noData: "no data"
    case .notMet: "budget, condition, lint or `--fail-on` not met"
    case .invalidConfiguration: "invalid scenario or configuration"
    case .interrupted: "interrupted"
    }
  }

  /// The order in which codes win when several apply.
  static let precedence: [ExitStatus] = [
    .internal, .interrupted, .invalidConfiguration, .targetNeverAnswered, .noData, .generatorBound, .notMet,
  ]

  /// The code to exit with when all of `codes` apply: the first by precedence, then any other failure, then `pass`.
  package static func first(of codes: some Sequence<ExitStatus>) -> ExitStatus {
    let codes = Set(codes)
    return precedence.first(where: codes.contains)
      ?? codes.filter { $0 != .pass }.min { $0.rawValue < $1.rawValue }
      ?? .pass
  }
}

/// An error that says with which code a command ends; any other is a defect.
package protocol ExitStating: Error {
  var exitStatus: ExitStatus { get }
}

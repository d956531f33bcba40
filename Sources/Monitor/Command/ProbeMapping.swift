import Curl
import Evidence
import MonitorProbe
import MonitorSleep
import Visits

/// From what an answer's edge signs say to what the inference takes.
enum ProbeMapping {
  /// - Parameter sleeps: whether the plan sleeps at all; one that never does has no edge that answers for it.
  static func sign(_ result: ProbeResult, sleeps: Bool, conditionsHold: Bool = true) -> ProbeSign {
    if let failure = result.failure {
      switch failure.code {
      // This machine's own network may be to blame.
      case .resolve, .cancelled, .login, .refused, .other: return .undecided
      case .addressRefused, .connect, .timeout, .reset, .tls, .tooLarge, .redirectLimit, .protocol: return .down
      }
    }
    return switch result.edgeClass {
    case .awake: conditionsHold ? .alive : .down
    case .edgeRobots: sleeps ? .asleep : .alive
    case .asleep: .asleep
    case .down: .down
    case .suspended: .suspended
    case .misrouted: .misrouted
    case .unknown: .undecided
    case .unmarked: (result.status ?? 500) < 500 && conditionsHold ? .alive : .down
    }
  }

  /// Why an answer, or its lack, speaks against the service.
  /// - Parameter unmet: the first condition that was not met.
  static func cause(_ result: ProbeResult, unmet: String?) -> String {
    if let failure = result.failure { return "no answer (\(failure.code.rawValue))" }
    let status = result.status.map { "it answered \($0)" } ?? "no answer"
    switch result.edgeClass {
    case .awake, .unmarked, .edgeRobots: return unmet.map { "\(status): \($0) is not met" } ?? status
    case .asleep, .down, .suspended, .misrouted, .unknown: return "\(status): \(result.meaning)"
    }
  }

  /// What one answer alone says of the state; UNKNOWN where more would have to be seen.
  /// - Parameter conditionsHold: what was expected of the answer, where something was.
  static func stateName(_ result: ProbeResult, conditionsHold: Bool = true) -> String {
    if result.failure != nil {
      return (sign(result, sleeps: false) == .down ? .down : MonitorReport.State.unknown).rawValue
    }
    let state: MonitorReport.State =
      switch result.edgeClass {
      case .awake: conditionsHold ? .up : .down
      // No edge that is known stands before it: the answer is the service's own.
      case .unmarked: sign(result, sleeps: false, conditionsHold: conditionsHold) == .alive ? .up : .down
      case .asleep, .edgeRobots: .asleep
      case .down: .down
      case .suspended: .suspended
      case .misrouted: .misrouted
      case .unknown: .unknown
      }
    return state.rawValue
  }
}

import Curl
import Evidence
import MonitorProbe
import MonitorSleep

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

  /// What one answer alone says of the state; UNKNOWN where more would have to be seen.
  static func stateName(_ result: ProbeResult) -> String {
    let state: MonitorReport.State =
      switch result.edgeClass {
      case .awake: .up
      case .asleep, .edgeRobots: .asleep
      case .down: .down
      case .suspended: .suspended
      case .misrouted: .misrouted
      case .unmarked, .unknown: .unknown
      }
    return state.rawValue
  }
}

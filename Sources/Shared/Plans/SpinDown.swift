/// What a plan that sleeps does with a sequence of inbound requests, in virtual time.
///
/// The idle clock runs from the last inbound request: `idleSeconds` after it the service is spun down. The next request
/// wakes it, which takes `wakeSeconds`; whoever comes meanwhile waits for the rest. Running time counts from the
/// request that wakes to the spin-down.
package struct SpinDown: Sendable, Equatable {
  package var idleSeconds: Double
  package var wakeSeconds: Double

  package init(idleSeconds: Double, wakeSeconds: Double) {
    self.idleSeconds = idleSeconds
    self.wakeSeconds = wakeSeconds
  }

  /// One inbound request.
  package struct Arrival: Sendable, Equatable {
    /// From any origin.
    package var seconds: Double
    /// A person waits for it; bots, monitors and pings only reset the idle clock.
    package var isVisit: Bool

    package init(seconds: Double, isVisit: Bool) {
      self.seconds = seconds
      self.isVisit = isVisit
    }
  }

  /// What an arrival met.
  package enum Reception: Sendable, Equatable {
    case warm
    /// It woke the service, and waited `wakeSeconds`.
    case cold
    /// The service was waking already.
    case waking(remainingSeconds: Double)
    /// Nothing is known of the time before: neither warm nor cold.
    case unknown

    package var isAffected: Bool {
      switch self {
      case .cold, .waking: true
      case .warm, .unknown: false
      }
    }
  }

  /// The state machine, one arrival at a time.
  package struct Replay: Sendable {
    private let rule: SpinDown
    private let start: Double
    private var last: Double?
    private var readyAt: Double
    /// When the service last started to run; nil before the first arrival.
    private var runningSince: Double?
    /// Running time of the periods that have ended.
    private var closedSeconds = 0.0
    package private(set) var wakes = 0

    /// - Parameter start: where the observation begins; an arrival within `idleSeconds` of it is `.unknown` when
    ///   nothing came before.
    package init(_ rule: SpinDown, from start: Double) {
      self.rule = rule
      self.start = start
      readyAt = start
    }

    /// Takes the next arrival, which is not before the last one.
    package mutating func receive(at seconds: Double) -> Reception {
      defer { last = max(last ?? seconds, seconds) }
      guard let last else {
        runningSince = seconds
        guard seconds - start > rule.idleSeconds else { return .unknown }
        wakes += 1
        readyAt = seconds + rule.wakeSeconds
        return .cold
      }
      let sleepsAt = max(last + rule.idleSeconds, readyAt)
      guard seconds <= sleepsAt else {
        closedSeconds += sleepsAt - (runningSince ?? sleepsAt)
        runningSince = seconds
        wakes += 1
        readyAt = seconds + rule.wakeSeconds
        return .cold
      }
      return seconds < readyAt ? .waking(remainingSeconds: readyAt - seconds) : .warm
    }

    /// Running time from the first arrival to `end`.
    package func runningSeconds(until end: Double) -> Double {
      guard let last, let runningSince else { return 0 }
      let sleepsAt = max(last + rule.idleSeconds, readyAt)
      return closedSeconds + max(0, min(sleepsAt, end) - runningSince)
    }
  }
}

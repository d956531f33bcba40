import Synchronization

/// What sleep does to the visits of one body of evidence, reckoned once for each way of it: rulings under other values ask
/// for the same again.
final class KnownOutlooks: Sendable {
  struct Question: Hashable {
    var keepAwake: KeepAwake
    var pings: PingBounds
    /// Of the traffic's sizes over the horizon.
    var factors: [Double]
    /// Of the pings that the log holds, as they came.
    var isPinged: Bool
  }

  private let known = Mutex<[Question: SleepOutlook]>([:])

  func outlook(_ question: Question, _ reckon: () -> SleepOutlook?) -> SleepOutlook? {
    if let outlook = known.withLock({ $0[question] }) { return outlook }
    guard let outlook = reckon() else { return nil }
    known.withLock { $0[question] = outlook }
    return outlook
  }
}

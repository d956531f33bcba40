import Timers
import Wording

/// How one other side is asked: not at all while it takes nothing, then a little, and never faster than it is told to be.
/// Pure; times are those of a clock that never goes back.
struct ProviderPace: Sendable {
  enum Admission: Equatable {
    /// It may be asked from that moment on.
    case from(Duration)
    /// It is not asked before that moment.
    case held(until: Duration)
  }

  /// Failures in a row after which it is not asked for a while.
  static let tolerated = 5
  /// How long it is not asked, by how often in a row it then failed again.
  static let pauses = Backoff(base: .seconds(30), cap: .seconds(120), jitter: .equal)
  /// The longest that it may itself ask to be left alone.
  private static let longestPause = Duration.seconds(900)

  /// Messages a second; nil: as fast as they are there.
  private let rate: Double?
  /// Messages by which it is seen whether it takes some again: one alone may be what it fails of.
  private static let trials = 3
  private var failures = 0
  private var pausesInARow = 0
  private var heldUntil: Duration?
  private var trying = 0
  private var nextSlot = Duration.zero

  init(rate: Double? = nil) { self.rate = rate }

  /// Whether nothing is known against it.
  var isIdle: Bool { failures == 0 && heldUntil == nil }

  /// Whether it takes nothing, as far as is known.
  var isHeld: Bool { heldUntil != nil }

  /// Until when it is not asked; nil where it may be.
  func hold(at now: Duration) -> Duration? {
    guard let heldUntil, now < heldUntil || trying >= Self.trials else { return nil }
    return max(heldUntil, now)
  }

  /// Of how many messages it can be asked within a time, at least one.
  func most(_ limit: Int, within time: Duration) -> Int {
    guard heldUntil == nil else { return min(limit, Self.trials) }
    guard let rate else { return limit }
    return max(1, Int(min(Double(limit), rate * time.seconds)))
  }

  /// For one message, which is then `settled`.
  mutating func admit(at now: Duration) -> Admission {
    if let heldUntil {
      guard now >= heldUntil, trying < Self.trials else { return .held(until: max(heldUntil, now)) }
      trying += 1
    }
    let slot = max(now, nextSlot)
    if let rate { nextSlot = slot + .seconds(1 / rate) }
    return .from(slot)
  }

  /// - Parameters:
  ///   - isAway: it took nothing, for a reason that is of no message.
  ///   - wish: how long it asked to be left alone.
  ///   - random: 0..<1.
  mutating func settled(isAway: Bool, wish: Duration? = nil, at now: Duration, random: Double) {
    trying = max(0, trying - 1)
    guard isAway else {
      (failures, pausesInARow, heldUntil) = (0, 0, nil)
      return
    }
    failures += 1
    // What was under way when the pause began says nothing new.
    guard failures >= Self.tolerated, heldUntil.map({ now >= $0 }) ?? true else { return }
    pausesInARow += 1
    let pause = max(Self.pauses.delay(after: pausesInARow, random: random), min(wish ?? .zero, Self.longestPause))
    heldUntil = now + pause
  }

  /// A message was admitted and then not sent.
  mutating func leftAlone() { trying = max(0, trying - 1) }
}

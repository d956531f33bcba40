package import Addresses
import Synchronization
import Visits

/// How often something may be asked for: by one client, and by all together. Buckets of
/// tokens that fill up again; a fixed number of them, so that nobody can eat the memory.
package final class RequestLimit: Sendable {
  private static let slots = 1_024

  /// So that nobody can choose whose bucket they share.
  private let seed = UInt64.random(in: .min ... .max)
  private let perClient: Rate
  private let overall: Rate
  private let now: @Sendable () -> Double
  private let state: Mutex<State>

  package struct Rate: Sendable {
    /// At once, after a pause.
    package var burst: Double
    package var perMinute: Double

    package init(burst: Double, perMinute: Double) {
      self.burst = burst
      self.perMinute = perMinute
    }
  }

  private struct Bucket {
    var tokens: Double
    var filledAt: Double
  }

  private struct State {
    var overall: Bucket
    var clients: [Bucket]
  }

  /// A campus may stand behind one address: what one client may is meant for many people.
  /// - Parameter now: seconds; its origin doesn't matter.
  package init(
    perClient: Rate = Rate(burst: 60, perMinute: 60), overall: Rate = Rate(burst: 200, perMinute: 600),
    now: @escaping @Sendable () -> Double
  ) {
    self.perClient = perClient
    self.overall = overall
    self.now = now
    let start = now()
    state = Mutex(
      State(
        overall: Bucket(tokens: overall.burst, filledAt: start),
        clients: Array(repeating: Bucket(tokens: perClient.burst, filledAt: start), count: Self.slots)))
  }

  /// - Parameter client: nil for one of whom nothing is known: then only the bound of all counts.
  /// - Returns: nil when it is admitted, else the whole seconds to wait.
  package func admit(_ client: IPAddress?) -> Int? { admit(client: client?.site.description) }

  /// - Parameter client: nil for one of whom nothing is known: then only the bound of all counts.
  package func admit(client: String?) -> Int? {
    let time = now()
    let slot = client.map { Int(truncatingIfNeeded: Array($0.utf8)[...].hash(from: seed) % UInt64(Self.slots)) }
    return state.withLock { state in
      if let wait = Self.wait(&state.overall, overall, time) { return wait }
      if let slot, let wait = Self.wait(&state.clients[slot], perClient, time) { return wait }
      state.overall.tokens -= 1
      if let slot { state.clients[slot].tokens -= 1 }
      return nil
    }
  }

  private static func wait(_ bucket: inout Bucket, _ rate: Rate, _ time: Double) -> Int? {
    bucket.tokens = min(rate.burst, bucket.tokens + max(0, time - bucket.filledAt) * rate.perMinute / 60)
    bucket.filledAt = time
    guard bucket.tokens < 1 else { return nil }
    return max(1, Int(((1 - bucket.tokens) * 60 / rate.perMinute).rounded(.up)))
  }
}

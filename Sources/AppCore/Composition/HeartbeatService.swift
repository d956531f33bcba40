import AppAPI
import Curl
import Logging
import Secrets
import ServiceLifecycle
import Services
import Synchronization
import Timers
import Visits

/// Tells a monitor that the service starts, runs and stops, by libcurl on a thread of its own: requests never wait.
struct HeartbeatService: Service {
  private let target: HeartbeatTarget
  private let boot: Boot
  private let inbound: InboundLog
  private let client: CurlClient
  private let logger: Logger
  private let wait: Wait
  /// The service can be asked: worth a heartbeat at once.
  let listening = Once<Void>()

  /// How often one heartbeat is tried.
  private static let attempts = 3

  /// - Throws: `CurlError` when libcurl can't start.
  init(_ target: HeartbeatTarget, boot: Boot, inbound: InboundLog, logger: Logger, wait: @escaping Wait) throws {
    self.target = target
    self.boot = boot
    self.inbound = inbound
    self.logger = logger
    client = try CurlClient(maxTransfers: 2)
    self.wait = wait
  }

  func run() async throws {
    defer { client.shutdown() }
    let sequence = Sequence()
    await cancelWhenGracefulShutdown {
      await beat(sequence, .starting)
      await listening.value()
    }
    await Repeating(with: (), wait: wait) { _ in
      await beat(sequence, .running)
      return target.interval
    }.run()
    // The platform gives the process some seconds more; the monitor learns of most of them.
    await send(.stopping, sequence: sequence.next, timeout: .seconds(2))
  }

  private func beat(_ sequence: Sequence, _ state: Heartbeat.State) async {
    let number = sequence.next
    for attempt in 1...Self.attempts {
      if await send(state, sequence: number, timeout: min(.seconds(10), target.interval)) { break }
      guard attempt < Self.attempts, !Task.isCancelled else { break }
      await wait(min(.seconds(1), target.interval / 8) * attempt)
    }
  }

  /// Numbers the heartbeats of this run from 0.
  private final class Sequence: Sendable {
    private let count = Atomic(0)

    var next: Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
  }

  /// Whether the monitor has it.
  @discardableResult
  private func send(_ state: Heartbeat.State, sequence: Int, timeout: Duration) async -> Bool {
    var headers = [("Content-Type", "application/json")]
    if let token = target.token { headers.append(("Authorization", "Bearer \(token.secret)")) }
    let body = inbound.heartbeat(of: boot, sequence: sequence, state: state, now: CampusClock.now()).encoded
    do {
      let response = try await client.send(
        CurlRequest(
          method: "POST", url: target.url, headers: headers.map { (name: $0.0, value: $0.1) }, body: body,
          connectTimeout: timeout, totalTimeout: timeout, maxBodyBytes: 64 << 10, maxRedirects: 0))
      if (200..<300).contains(response.status) { return true }
      // A refusal stays one: the same again would be refused again.
      logger.warning(
        "the monitor refuses heartbeats",
        metadata: ["status": "\(response.status)", "url": "\(CurlURL.redacted(target.url))"])
      return response.status < 500
    } catch {
      if error.code != .cancelled {
        logger.debug("no heartbeat", metadata: ["error": "\(error)", "sequence": "\(sequence)"])
      }
      return false
    }
  }
}

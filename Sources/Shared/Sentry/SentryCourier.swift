import Curl
import Logging
import Secrets
import Timers

/// Carries events to Sentry, one after the other; owns what Sentry said of how many it wants.
actor SentryCourier {
  private static let attempts = 3
  private static let timeout = Duration.seconds(10)
  private static let backoff = Backoff(base: .seconds(1), cap: .seconds(30), jitter: .equal)

  private let options: SentryOptions
  private let version: String
  private let scrubber: SentryScrubber
  private let client: CurlClient
  private let outcomes: SentryOutcomes
  private let logger: Logger
  private let sources: SentryIntake.Sources
  private let wait: Wait
  private var limits = SentryRateLimits()
  /// Failures in a row are told of once.
  private var isFailing = false

  init(
    _ options: SentryOptions, version: String, client: CurlClient, outcomes: SentryOutcomes, logger: Logger,
    sources: SentryIntake.Sources, wait: @escaping Wait
  ) {
    self.options = options
    self.version = version
    scrubber = SentryScrubber(
      known: options.secrets.secret + [options.dsn.publicKey.secret, options.dsn.secretKey?.secret ?? ""])
    self.client = client
    self.outcomes = outcomes
    self.logger = logger
    self.sources = sources
    self.wait = wait
  }

  /// Sends it, drops it while Sentry wants none, or gives it up; each is counted. What fails on the way is tried again;
  /// what Sentry or a proxy answered is final, as Sentry asks of its clients.
  /// - Parameter isLast: there is no time to try again.
  /// - Source: develop.sentry.dev, SDK, "Client Reports", "Network Failure Recording" (2026-11).
  /// - Returns: false when the task was cancelled before the event was anything of that.
  func deliver(_ event: SentryEvent, isLast: Bool) async -> Bool {
    guard !limits.holds(at: sources.monotonic()) else {
      outcomes.count(.rate, reason: "ratelimit_backoff")
      return true
    }
    let json = await OwnThread.run { [options, version, scrubber] in
      event.json(options: options, version: version, scrubber: scrubber)
    }
    for attempt in 1... {
      do {
        try await post(json, id: event.id)
        return true
      } catch {
        if error.code == .cancelled || Task.isCancelled { return false }
        if error.isTransient, !isLast, attempt < Self.attempts {
          await wait(Self.backoff.delay(after: attempt, random: sources.random()))
          if Task.isCancelled { return false }
          continue
        }
        giveUp("\(error)", reason: "network_error")
        return true
      }
    }
    return true
  }

  func close() { client.shutdown() }

  private func post(_ json: [UInt8], id: String) async throws(CurlError) {
    let untold = outcomes.untold
    let body = SentryEnvelope.bytes(
      event: json, id: id, dsn: options.dsn, sentAt: sources.now(), discarded: untold)
    let name = "\(SentryEvent.client)/\(version)"
    let response = try await client.send(
      CurlRequest(
        method: "POST", url: options.dsn.envelopeURL,
        headers: [
          ("Content-Type", SentryEnvelope.contentType), ("X-Sentry-Auth", options.dsn.authorization(client: name)),
        ],
        body: body, connectTimeout: Self.timeout, totalTimeout: Self.timeout, maxBodyBytes: 64 << 10,
        maxRedirects: 0, userAgent: name))
    limits.take(
      status: response.status, headers: response.headers, at: sources.monotonic(), date: sources.now())
    switch response.status {
    case 200..<300:
      outcomes.told(untold)
      outcomes.count(.sent)
      isFailing = false
    // Sentry counts these itself.
    case 429: outcomes.count(.rate)
    default: giveUp("status \(response.status)", reason: "send_error")
    }
  }

  private func giveUp(_ error: String, reason: String) {
    outcomes.count(.failed, reason: reason)
    guard !isFailing else { return }
    isFailing = true
    logger.warning("events don't reach Sentry", metadata: ["error": "\(error)", "dsn": "\(options.dsn)"])
  }
}

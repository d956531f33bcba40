package import AppDomain
package import Channels
package import Logging
import ServiceLifecycle
package import Services
package import Timers
import Wording

/// Plans messages about duties that start soon and delivers them, while this instance leads.
///
/// A message is leased before it is sent and marked after the other side took it: where that answer was lost, by a crash or
/// on the way, it is sent again with the same identity.
package actor Notifier {
  package struct Options: Sendable {
    /// Messages under way at once, each with a lease of its own: the most that a crash can double.
    package var concurrency = 8
    /// How long a message waits after a try that failed.
    package var retry = Backoff(base: .seconds(10), cap: .seconds(600), jitter: .equal)
    /// How long what became of a message is kept after its duty ended, in seconds.
    package var keptFor = 30 * 86_400.0
    /// Channels whose other side takes fewer messages at once.
    package var concurrencies: [NotificationChannel: Int] = [:]
    /// Messages a second, of channels whose other side takes no more.
    package var rates: [NotificationChannel: Double] = [:]
    /// How long messages wait that are due and were left.
    package var leftFor = Duration.seconds(15)
    /// How long one channel sends before the others are looked at again.
    package var turn = Duration.seconds(30)

    package init() {}
  }

  package typealias Store = OutboxStore & SubscriberStore

  private let store: any Store
  private let channels: [(kind: NotificationChannel, channel: any MessageChannel)]
  private let writer: MessageWriter
  private let term: @Sendable () async throws -> LeaderTerm?
  private let options: Options
  private let metrics: NotifierMetrics
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let random: @Sendable () -> Double
  private let monotonic: @Sendable () -> Duration
  private var prunedAt = -Double.infinity
  /// When the next duty is to be announced; seconds since 1970.
  private var nextReminderAt: Double?
  private var paces: [NotificationChannel: [String: ProviderPace]] = [:]
  /// Channels whose turn ended before all was sent.
  private var unfinished: Set<NotificationChannel> = []
  private let wait: Wait

  /// - Parameters:
  ///   - term: this instance's own as leader; nil while another leads.
  ///   - now: seconds since 1970.
  ///   - random: 0..<1, the jitter of waits.
  ///   - monotonic: goes on while the process is frozen; it judges whether a lease still holds.
  ///   - wait: until a message's turn has come, where they may go at a rate only.
  package init(
    store: any Store, channels: [NotificationChannel: any MessageChannel], writer: MessageWriter,
    term: @escaping @Sendable () async throws -> LeaderTerm?, options: Options = Options(), metrics: NotifierMetrics,
    logger: Logger, now: @escaping @Sendable () -> Double,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    monotonic: @escaping @Sendable () -> Duration, wait: @escaping Wait
  ) {
    self.store = store
    self.channels = channels.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    self.writer = writer
    self.term = term
    self.options = options
    self.metrics = metrics
    self.logger = logger
    self.now = now
    self.random = random
    self.monotonic = monotonic
    self.wait = wait
    for (kind, _) in self.channels { metrics.begin(kind) }
  }

  /// Plans what has come due and sends all that waits; does nothing while another instance leads.
  /// - Parameter isStopping: asked between batches; a batch under way is finished.
  /// - Returns: how many messages were sent.
  /// - Throws: what the store throws; what was leased then waits for its lease to expire.
  @discardableResult
  package func round(isStopping: @escaping @Sendable () -> Bool = { false }) async throws -> Int {
    nextReminderAt = nil
    guard let term = try await term() else { return 0 }
    let time = now()
    let rows = try await store.duties(on: DutyReminder.days(at: time)).map { ($0.date, $0.duty) }
    let reminders = DutyReminder.due(of: rows, at: time)
    nextReminderAt = DutyReminder.next(of: rows, after: time, leads: try await store.leads())
    for (kind, _) in channels {
      let planned = try await store.enqueue(reminders, event: .startsSoon, channel: kind, at: time)
      metrics.count(planned, .planned, kind)
      if planned > 0 {
        logger.info("messages planned", metadata: ["channel": "\(kind.rawValue)", "count": "\(planned)"])
      }
    }
    let sent = try await deliver(term, isStopping)
    metrics.show(try await store.outboxCounts())
    metrics.show(oldest: .seconds(try await store.oldestWaiting().map { now() - $0 } ?? 0))
    if time - prunedAt >= 3_600 {
      try await store.pruneOutbox(endedBefore: time - options.keptFor)
      prunedAt = time
    }
    return sent
  }

  /// Rounds until the service stops, each when something is due or somebody rings. What is being sent when it stops is sent; a
  /// round that fails is logged, and tried again.
  /// - Parameter longest: it looks this often although nothing is known to be due: a clock may have been set, another
  ///   instance may have done something.
  package nonisolated func rounds(
    upTo longest: Duration, woken bell: Bell, wait: @escaping Wait
  ) -> Repeating<Void> {
    Repeating(with: (), ending: .afterWork, wait: bell.ending(wait)) { [logger] error in
      logger.error("no round of notifications", metadata: ["error": "\(error)"])
    } work: { _ in
      try await self.round { Task.isShuttingDownGracefully }
      return try await self.pause(upTo: longest)
    }
  }

  /// How long there is nothing to do after a round: until the next duty is to be announced, a message is to be tried again, or
  /// the lease of one that nobody finished expires.
  private func pause(upTo longest: Duration) async throws -> Duration {
    guard try await term() != nil else { return longest }
    var pauses = [longest]
    if let nextReminderAt { pauses.append(.seconds(nextReminderAt - now())) }
    for (kind, _) in channels {
      guard let due = try await store.nextDelivery(kind, at: now()) else { continue }
      let hold = paces[kind]?[""]?.hold(at: monotonic()).map { $0 - monotonic() }
      pauses.append(max(due, hold ?? (unfinished.contains(kind) || due > .zero ? due : options.leftFor)))
    }
    return min(longest, max(pauses.min() ?? longest, .milliseconds(100)))
  }

  /// All channels at once, so that none waits for another's slow side; when all are done, the first one's error is thrown.
  private func deliver(_ term: LeaderTerm, _ isStopping: @escaping @Sendable () -> Bool) async throws -> Int {
    let results = await withTaskGroup(of: Result<Int, any Error>.self) { group in
      for (kind, channel) in channels {
        group.addTask {
          do { return .success(try await self.deliver(kind, channel, term, isStopping)) } catch {
            return .failure(error)
          }
        }
      }
      var results: [Result<Int, any Error>] = []
      for await result in group { results.append(result) }
      return results
    }
    return try results.reduce(0) { $0 + (try $1.get()) }
  }

  private func deliver(
    _ kind: NotificationChannel, _ channel: any MessageChannel, _ term: LeaderTerm,
    _ isStopping: @escaping @Sendable () -> Bool
  ) async throws -> Int {
    // Twice what a try may take: whoever is slow, not dead, keeps its lease.
    let lease = channel.timeout * 2
    var sent = 0
    let end = monotonic() + options.turn
    unfinished.remove(kind)
    while !isStopping(), !Task.isCancelled {
      let leasedAt = monotonic()
      if leasedAt >= end {
        unfinished.insert(kind)
        break
      }
      let pace = paces[kind]?[""] ?? ProviderPace(rate: options.rates[kind])
      if pace.hold(at: leasedAt) != nil { break }
      let limit = pace.most(options.concurrencies[kind] ?? options.concurrency, within: channel.timeout / 2)
      let found = try await store.claim(kind, limit: limit, lease: lease, at: now(), under: term)
      metrics.count(found.withdrawn, .withdrawn, kind)
      metrics.count(found.dead, .dead, kind)
      if found.withdrawn + found.dead > 0 {
        logger.info(
          "messages not sent",
          metadata: [
            "channel": "\(kind.rawValue)", "withdrawn": "\(found.withdrawn)", "duty_ended": "\(found.dead)",
          ])
      }
      guard !found.isEmpty else { break }
      let deadline = leasedAt + lease - channel.timeout
      sent += await withTaskGroup(of: DeliveryResult?.self) { group in
        for claim in found.claims {
          let provider = channel.provider(of: claim.recipient.address)
          let admission = admit(kind, provider)
          group.addTask {
            await self.deliver(claim, by: channel, provider, admission, startingBefore: deadline)
          }
        }
        var sent = 0
        for await result in group where result == .sent { sent += 1 }
        return sent
      }
    }
    return sent
  }

  private func admit(_ kind: NotificationChannel, _ provider: String) -> ProviderPace.Admission {
    // Of sides that were met once, only those that something is known against are remembered.
    if paces[kind, default: [:]].count > 1_000 { paces[kind] = paces[kind]?.filter { !$0.value.isIdle } }
    return paces[kind, default: [:]][provider, default: ProviderPace(rate: options.rates[kind])].admit(at: monotonic())
  }

  private func settle(_ kind: NotificationChannel, _ provider: String, _ error: ChannelError?) {
    let wasHeld = paces[kind]?[provider]?.isHeld == true
    paces[kind]?[provider]?.settled(
      isAway: error?.isAway == true, wish: error?.retryAfter, at: monotonic(), random: random())
    let isHeld = paces[kind]?[provider]?.isHeld == true
    metrics.show(held: paces[kind, default: [:]].values.count { $0.isHeld }, kind)
    guard isHeld != wasHeld else { return }
    logger.log(
      level: isHeld ? .error : .notice,
      isHeld ? "the other side takes nothing; it is asked once in a while" : "the other side takes messages again",
      metadata: ["channel": "\(kind.rawValue)", "provider": "\(provider)"])
  }

  private func leaveAlone(_ kind: NotificationChannel, _ provider: String) { paces[kind]?[provider]?.leftAlone() }

  /// - Returns: nil when it was left alone: the lease was about to expire, or what became of it could not be kept.
  nonisolated private func deliver(
    _ claim: OutboxClaim, by channel: any MessageChannel, _ provider: String, _ admission: ProviderPace.Admission,
    startingBefore deadline: Duration
  ) async -> DeliveryResult? {
    let kind = claim.recipient.channel
    var logger = logger
    logger[metadataKey: "message"] = "\(claim.id)"
    logger[metadataKey: "channel"] = "\(kind.rawValue)"
    if case .from(let slot) = admission, slot > monotonic() { await wait(slot - monotonic()) }
    let start = monotonic()
    guard start < deadline else {
      await leaveAlone(kind, provider)
      logger.warning("the lease on a message has run out before it was sent; another try follows")
      return nil
    }
    let result: DeliveryResult
    if claim.reminder.endsAt <= now() {
      result = .dead(reason: "the duty has ended")
      await leaveAlone(kind, provider)
    } else if case .held(let until) = admission {
      result = .retry(after: max(until - start, .seconds(1)), reason: "the other side takes nothing at present")
    } else {
      let error: ChannelError?
      (result, error) = await send(claim, by: channel, logger)
      metrics.took(monotonic() - start, kind)
      await settle(kind, provider, error)
    }
    do {
      guard try await store.finish(claim, result, at: now()) else {
        logger.warning(
          "a message is another instance's by now, and may arrive twice, or its subscriber's data was deleted")
        return nil
      }
    } catch {
      logger.error("what became of a message is not kept; it may arrive twice", metadata: ["error": "\(error)"])
      return nil
    }
    switch result {
    case .sent: metrics.count(1, .sent, kind)
    case .retry: metrics.count(1, .retried, kind)
    case .dead: metrics.count(1, .dead, kind)
    }
    return result
  }

  nonisolated private func send(
    _ claim: OutboxClaim, by channel: any MessageChannel, _ logger: Logger
  ) async -> (DeliveryResult, ChannelError?) {
    do throws(ChannelError) {
      try await channel.send(writer.message(for: claim, at: now()))
      logger.info("sent", metadata: ["attempt": "\(claim.attempt)"])
      return (.sent, nil)
    } catch {
      metrics.failed(error.code, kind: claim.recipient.channel)
      switch error.code {
      case .temporary, .configuration:
        let delay = max(options.retry.delay(after: claim.attempt, random: random()), error.retryAfter ?? .zero)
        logger.log(
          level: error.code == .configuration ? .error : .warning, "not sent; to be tried again",
          metadata: ["error": "\(error)", "attempt": "\(claim.attempt)", "after": "\(DurationText.format(delay))"])
        return (.retry(after: delay, reason: error.description), error)
      case .refused, .gone:
        logger.warning("refused for good", metadata: ["error": "\(error)", "attempt": "\(claim.attempt)"])
        if error.code == .gone {
          do {
            try await store.stop(claim.recipient, at: now())
          } catch {
            logger.error("an address that is gone stays subscribed", metadata: ["error": "\(error)"])
          }
        }
        return (.dead(reason: error.description), error)
      }
    }
  }
}

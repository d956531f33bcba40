import Wording

/// Scrapes the source into the store, one scrape at a time: whoever asks while one is under way shares it.
///
/// `run()` does the work; `ingest()` asks for it and waits.
package actor ScheduleIngest {
  private let source: any ScheduleSource
  private let store: any ScheduleStore
  private let leader: @Sendable () async throws -> LeaderTerm?
  private let now: @Sendable () -> Double
  private let onOutcome: @Sendable (IngestOutcome) -> Void
  private let onStoreFailure: @Sendable (any Error) -> Void
  private let requests: AsyncStream<Void>
  private let request: AsyncStream<Void>.Continuation
  private var waiters: [CheckedContinuation<IngestOutcome, Never>] = []
  private var isStopped = false

  /// The last scrape's outcome; nil before the first has finished.
  package private(set) var lastOutcome: IngestOutcome?

  /// - Parameters:
  ///   - leader: asked before a scrape for the term that runs, by which it is stored: what was read while another took
  ///     over is not.
  ///   - now: seconds since 1970.
  ///   - onOutcome: told of each outcome before anybody who waits for it.
  ///   - onStoreFailure: told of what the store throws.
  package init(
    source: any ScheduleSource, store: any ScheduleStore,
    leader: @escaping @Sendable () async throws -> LeaderTerm? = { nil }, now: @escaping @Sendable () -> Double,
    onOutcome: @escaping @Sendable (IngestOutcome) -> Void = { _ in },
    onStoreFailure: @escaping @Sendable (any Error) -> Void = { _ in }
  ) {
    self.source = source
    self.store = store
    self.leader = leader
    self.now = now
    self.onOutcome = onOutcome
    self.onStoreFailure = onStoreFailure
    (requests, request) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// How many wait for a scrape now.
  package var waiting: Int { waiters.count }

  /// Waits for the scrape that is under way, or for one that begins now.
  package func ingest() async -> IngestOutcome {
    guard !isStopped else { return stopped }
    return await withCheckedContinuation { waiter in
      waiters.append(waiter)
      if waiters.count == 1 { request.yield() }
    }
  }

  /// Serves `ingest()` until the task is cancelled; who waits then gets an `error` outcome.
  package func run() async {
    for await _ in requests {
      let outcome = await scrape()
      lastOutcome = outcome
      onOutcome(outcome)
      answer(outcome)
    }
    isStopped = true
    answer(stopped)
  }

  private func answer(_ outcome: IngestOutcome) {
    let waiters = waiters
    self.waiters = []
    for waiter in waiters { waiter.resume(returning: outcome) }
  }

  private func scrape() async -> IngestOutcome {
    let term: LeaderTerm?
    do { term = try await leader() } catch {
      onStoreFailure(error)
      return IngestOutcome(
        status: .error, message: "Kept the schedule as it was: the database failed", cause: "\(error)",
        isStoreFailure: true,
        finishedAt: now())
    }
    let reading: ScheduleReading
    do {
      reading = try await source.read()
    } catch {
      return IngestOutcome(status: .error, message: "Kept the schedule as it was: \(error)", finishedAt: now())
    }
    do {
      return try await store(reading, under: term)
    } catch let error as LeaderTermEnded {
      return IngestOutcome(
        status: .error, message: "Kept the schedule as it was: another instance reads it now", cause: "\(error)",
        warnings: reading.warnings, finishedAt: now())
    } catch {
      onStoreFailure(error)
      return IngestOutcome(
        status: .error, message: "Kept the schedule as it was: the database failed", cause: "\(error)",
        isStoreFailure: true,
        warnings: reading.warnings, finishedAt: now())
    }
  }

  private func store(_ reading: ScheduleReading, under term: LeaderTerm?) async throws -> IngestOutcome {
    let known = try await store.rowCounts()
    let storedRows = known.values.reduce(0, +)
    if case .refused(let reason) = ScrapePlausibility.judge(
      reading, known: known, today: CampusTime.day(at: now()))
    {
      return IngestOutcome(
        status: .warning, message: "Kept the schedule as it was: \(reason)", warnings: reading.warnings,
        storedRows: storedRows, finishedAt: now())
    }
    let change = try await store.replace(reading.days, at: now(), under: term)
    let unread = reading.warnings.isEmpty ? "" : ", with \(CountText.plural(reading.warnings.count, "warning"))"
    return IngestOutcome(
      status: .success,
      message: "Stored \(CountText.plural(reading.rowCount, "row")) of "
        + CountText.plural(reading.days.count, "worksheet") + unread,
      count: reading.rowCount, change: change, unreadTimings: reading.unreadTimings, warnings: reading.warnings,
      storedRows: storedRows + change.added - change.removed, finishedAt: now())
  }

  private var stopped: IngestOutcome {
    IngestOutcome(status: .error, message: "The service is stopping", finishedAt: now())
  }
}

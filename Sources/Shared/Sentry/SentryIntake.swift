import Logging
import Synchronization

/// What the log hands over, from any thread and at once: a ring of breadcrumbs, and a bounded queue of events that wait to
/// be sent. Under the lock nothing is done but moving values.
final class SentryIntake: Sendable {
  static let capacity = 30

  private struct State {
    var breadcrumbs: [SentryRecord] = []
    /// Where the ring's oldest is, once it is full.
    var oldest = 0
    var queue: [SentryEvent] = []
    var repeats = SentryRepeats()
  }

  struct Sources: Sendable {
    /// Seconds since 1970.
    var now: @Sendable () -> Double
    /// Seconds that never go back.
    var monotonic: @Sendable () -> Double
    /// 0..<1.
    var random: @Sendable () -> Double = { .random(in: 0..<1) }
    /// Of an event: 32 hexadecimal digits.
    var id: @Sendable () -> String = SentryIntake.randomID
  }

  /// Yields when there is something in the queue, for one listener.
  let arrivals: AsyncStream<Void>
  private let arrived: AsyncStream<Void>.Continuation
  private let sampleRate: Double
  private let sources: Sources
  private let outcomes: SentryOutcomes
  private let state = Mutex(State())

  init(sampleRate: Double, sources: Sources, outcomes: SentryOutcomes) {
    self.sampleRate = sampleRate
    self.sources = sources
    self.outcomes = outcomes
    (arrivals, arrived) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func take(_ event: LogEvent, logger: String, metadata: @autoclosure () -> Logger.Metadata) {
    guard event.level >= .info else { return }
    let isEvent = event.level >= .error
    let record = SentryRecord(
      time: sources.now(), level: event.level, logger: logger, message: event.message.description,
      metadata: metadata(), place: SentryFrame(file: event.file, function: event.function, line: event.line),
      bounds: isEvent ? .event : .breadcrumb)
    if isEvent { add(SentryEvent(id: sources.id(), record: record)) } else { remember(record) }
  }

  /// What ends the service; goes before all others.
  func take(uncaught error: any Error, logger: String, metadata: Logger.Metadata, place: SentryFrame) {
    let record = SentryRecord(
      time: sources.now(), level: .critical, logger: logger, message: "the service ends with an error",
      metadata: metadata.merging(["error": "\(error)"]) { $1 }, place: place, bounds: .event)
    add(SentryEvent(id: sources.id(), record: record, uncaught: "\(type(of: error))"))
  }

  /// The event that waits longest; it is the caller's now.
  func next() -> SentryEvent? { state.withLock { $0.queue.isEmpty ? nil : $0.queue.removeFirst() } }

  /// One that was taken and not sent.
  func putBack(_ event: SentryEvent) { state.withLock { $0.queue.insert(event, at: 0) } }

  var waiting: Int { state.withLock { $0.queue.count } }

  private func remember(_ record: SentryRecord) {
    state.withLock { state in
      if state.breadcrumbs.count < SentryBounds.breadcrumbs {
        state.breadcrumbs.append(record)
      } else {
        state.breadcrumbs[state.oldest] = record
        state.oldest = (state.oldest + 1) % SentryBounds.breadcrumbs
      }
    }
  }

  private func add(_ event: SentryEvent) {
    guard sampleRate >= 1 || sources.random() < sampleRate else {
      return outcomes.count(.sample, reason: "sample_rate")
    }
    let time = sources.monotonic()
    let refusal: SentryOutcomes.Outcome? = state.withLock { state in
      let isLast = event.uncaught != nil
      guard isLast || state.repeats.admits(event.fingerprint, at: time) else { return .again }
      guard isLast || state.queue.count < Self.capacity else { return .overflow }
      var event = event
      event.breadcrumbs = Array(state.breadcrumbs[state.oldest...] + state.breadcrumbs[..<state.oldest])
      state.queue.insert(event, at: isLast ? 0 : state.queue.count)
      return nil
    }
    switch refusal {
    case nil: arrived.yield()
    case .again: outcomes.count(.again, reason: "event_processor")
    case .some(let outcome): outcomes.count(outcome, reason: "queue_overflow")
    }
    // What was an event is what led to the next one.
    guard event.uncaught == nil else { return }
    remember(event.record.asBreadcrumb)
  }

  /// A version 4 UUID without dashes, as RFC 9562 §5.4 has it.
  static let randomID: @Sendable () -> String = {
    var high = UInt64.random(in: .min ... .max)
    var low = UInt64.random(in: .min ... .max)
    high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return [high, low].map { number in
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

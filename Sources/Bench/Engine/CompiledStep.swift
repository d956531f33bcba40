import Synchronization

/// A step as the hot path wants it: plain pointers and flags. Owned by `CompiledPlan`.
struct CompiledStep {
  var request: UnsafePointer<UInt8>
  var requestCount: Int
  var isHead: Bool
  var isIdempotent: Bool
  var checkCount: Int
  var needsBody: Bool
  var needsHead: Bool
  /// The request is made anew for each use.
  var isDynamic: Bool
  /// It has a condition, or a loop that may not begin.
  var isConditional: Bool
  var hasLoop: Bool
  var redirectLimit: Int32
  /// By status, 0...599: whether it makes the request `failed`.
  var failing: UnsafePointer<Bool>
  var thinkTime: CompiledPause
}

/// What begins at a position of a journey: a parallel group of so many steps, or none.
struct CompiledGroup {
  var count: Int32 = 0
  var connections: Int32 = 0
}

/// A journey as the hot path wants it.
struct CompiledJourney {
  /// Steps follow each other in `CompiledPlan.journeySteps`.
  var firstStep: Int
  var stepCount: Int
}

/// A plan's steps in plain memory, for the time of a run; workers share it read-only.
final class CompiledPlan: @unchecked Sendable {
  // Unchecked because of the pointers: written here, read by all, freed when the last reader is gone.
  let plan: LoadPlan
  let seed: UInt64
  /// Differs from run to run.
  let nonce = UInt64.random(in: 0 ... .max)
  /// Users have a state of their own.
  let isStateful: Bool
  /// By feed: the next row.
  let feedCursors: [FeedCursor]
  let exchanges = Mutex<[Exchange]>([])
  let steps: UnsafeMutablePointer<CompiledStep>
  let journeys: UnsafeMutablePointer<CompiledJourney>
  /// Indices into `steps`, journey after journey.
  let journeySteps: UnsafeMutablePointer<Int32>
  /// By index into `journeySteps`.
  let groups: UnsafeMutablePointer<CompiledGroup>
  let hasGroups: Bool
  /// Running sums of the journeys' weights, the last being 1.
  let journeyBounds: [Double]
  let pacing: CompiledPause
  private let iterationsLeft: Atomic<Int>
  private let requestBytes: UnsafeMutablePointer<UInt8>
  private let failing: UnsafeMutablePointer<Bool>

  /// - Parameter feedCursors: those of a run whose phases share its data.
  init(_ plan: LoadPlan, feedCursors: [FeedCursor]? = nil) {
    self.plan = plan
    seed = plan.seed
    isStateful =
      plan.keepsCookies || plan.slotCount > 0
      || plan.steps.contains {
        $0.template != nil || $0.condition != nil || $0.loop != nil || $0.redirectLimit > 0
      }
    self.feedCursors = feedCursors ?? plan.feeds.map { _ in FeedCursor() }
    pacing = CompiledPause(plan.pacing)
    if case .shared(let count)? = plan.iterationLimit {
      iterationsLeft = Atomic(count)
    } else {
      iterationsLeft = Atomic(0)
    }
    let total = plan.steps.reduce(0) { $0 + $1.request.count }
    requestBytes = .allocate(capacity: max(total, 1))
    failing = .allocate(capacity: plan.steps.count * StepRecorder.statusCount + 1)
    failing.initialize(repeating: false, count: plan.steps.count * StepRecorder.statusCount + 1)
    steps = .allocate(capacity: max(plan.steps.count, 1))
    var offset = 0
    for (index, step) in plan.steps.enumerated() {
      let start = requestBytes + offset
      step.request.withUnsafeBufferPointer { bytes in
        if let base = bytes.baseAddress { start.initialize(from: base, count: bytes.count) }
      }
      offset += step.request.count
      let table = failing + index * StepRecorder.statusCount
      for status in 400..<StepRecorder.statusCount {
        table[status] = !step.acceptedStatuses.contains { $0.contains(status) }
      }
      (steps + index).initialize(
        to: CompiledStep(
          request: UnsafePointer(start), requestCount: step.request.count, isHead: step.isHead,
          isIdempotent: RequestMethod.isIdempotent(step.opening), checkCount: step.checks.count,
          needsBody: plan.tracesExchanges || step.checks.contains(where: \.needsBody),
          needsHead: plan.keepsCookies || plan.tracesExchanges || step.redirectLimit > 0
            || step.checks.contains(where: \.needsHead)
            || step.acceptsCoding && step.checks.contains(where: \.needsBody),
          isDynamic: step.template != nil, isConditional: step.condition != nil || step.loop?.kind == .while,
          hasLoop: step.loop != nil,
          redirectLimit: Int32(clamping: step.redirectLimit),
          failing: UnsafePointer(table), thinkTime: CompiledPause(step.thinkTime)))
    }
    journeys = .allocate(capacity: max(plan.journeys.count, 1))
    journeySteps = .allocate(capacity: max(plan.journeys.reduce(0) { $0 + $1.steps.count }, 1))
    let positions = max(plan.journeys.reduce(0) { $0 + $1.steps.count }, 1)
    groups = .allocate(capacity: positions)
    groups.initialize(repeating: CompiledGroup(), count: positions)
    hasGroups = plan.journeys.contains { !$0.groups.isEmpty }
    var position = 0
    for (index, journey) in plan.journeys.enumerated() {
      (journeys + index).initialize(to: CompiledJourney(firstStep: position, stepCount: journey.steps.count))
      for group in journey.groups where group.first + group.count <= journey.steps.count {
        groups[position + group.first] = CompiledGroup(
          count: Int32(clamping: group.count), connections: Int32(clamping: group.lanes))
      }
      for step in journey.steps {
        (journeySteps + position).initialize(to: Int32(step))
        position += 1
      }
    }
    let sum = plan.journeys.reduce(0) { $0 + $1.weight }
    var running = 0.0
    journeyBounds = plan.journeys.map { journey in
      running += journey.weight / sum
      return running
    }
  }

  deinit {
    steps.deallocate()
    journeys.deallocate()
    journeySteps.deallocate()
    groups.deallocate()
    requestBytes.deallocate()
    failing.deallocate()
  }

  /// Which journey an iteration takes: weighted, and the same for the same seed and coordinates.
  func journey(_ first: UInt64, _ second: UInt64) -> Int {
    guard journeyBounds.count > 1 else { return 0 }
    let draw = RandomDraw.unit(seed: seed, first, second)
    return journeyBounds.firstIndex { draw < $0 } ?? journeyBounds.count - 1
  }

  /// Nanoseconds to pause after `step`; the same for the same seed and coordinates.
  @inline(__always)
  func thinkTime(_ step: Int, _ first: UInt64, _ second: UInt64) -> UInt64 {
    steps[step].thinkTime.draw(seed: seed ^ 0x7468_696E_6B00_0000 ^ UInt64(step), first, second)
  }

  /// The row of a feed for one iteration; nil when they are used up.
  func row(of feed: Int, iteration: UInt64) -> Int? {
    let plan = plan.feeds[feed]
    switch plan.order {
    case .random:
      let draw = RandomDraw.bits(seed: seed ^ 0x726F_7773_0000_0000 ^ UInt64(feed), iteration)
      return Int(draw.multipliedFullWidth(by: UInt64(plan.rows.count)).high)
    case .sequential: return feedCursors[feed].take() % plan.rows.count
    case .unique:
      let row = feedCursors[feed].take()
      return row < plan.rows.count ? row : nil
    }
  }

  /// Takes one of the iterations that all users share; false when there are none left.
  func takeSharedIteration() -> Bool {
    iterationsLeft.wrappingSubtract(1, ordering: .relaxed).oldValue > 0
  }

  var hasSharedIteration: Bool { iterationsLeft.load(ordering: .relaxed) > 0 }
}

/// The workers' common place in a feed.
final class FeedCursor: Sendable {
  private let next = Atomic<Int>(0)

  func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}

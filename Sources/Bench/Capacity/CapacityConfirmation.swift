import Statistics

/// Tries loads around a bracket in rounds, each round having all of them once in an order of its own, until one of them held
/// in all of its trials and one above it in none. Pure.
///
/// A service that changes meanwhile, or that an earlier trial wore out, does so for high and low loads alike.
struct CapacityConfirmation: Sendable {
  private var ladder: LoadLadder
  private let rounds: Int
  private var random: SeededGenerator
  /// What is to be tried yet, in this order.
  private var queue: [Double] = []
  private var tally: [Double: (tried: Int, held: Int)] = [:]
  private var loads: [Double]
  private var extensions = 0
  /// Loads that the generator could not offer once: they are tried again.
  private var doubted: Set<Double> = []
  /// Loads from here on can't be offered.
  private(set) var ceiling: Double?

  private static let rungsOfExtension = 3
  private static let mostExtensions = 6

  /// - Parameter centre: where the answer is thought to lie.
  init(around centre: Double, rungs: Int, rounds: Int, ladder: LoadLadder, seed: UInt64) {
    self.ladder = ladder
    self.rounds = rounds
    random = SeededGenerator(seed: seed)
    loads = ladder.rungs(rungs, around: centre)
    enqueue(loads)
  }

  /// Nil when all is said that can be.
  var next: Double? { queue.first }

  /// Those that were tried, in ascending order.
  var counts: [CapacityAnswer.Count] {
    tally.sorted { $0.key < $1.key }.map { .init(load: $0.key, tried: $0.value.tried, held: $0.value.held) }
  }

  /// Every load has been tried once at least.
  var hasRound: Bool { loads.allSatisfy { tally[$0] != nil } }

  /// An end of the interval rests on more than one trial, where there is more than one.
  var fewest: Int { min(2, rounds) }

  /// What came of `next` says nothing: it is tried again, after the others.
  mutating func postpone() {
    guard !queue.isEmpty else { return }
    queue.append(queue.removeFirst())
  }

  mutating func record(_ outcome: CapacitySearch.Outcome) {
    guard !queue.isEmpty else { return }
    let load = queue.removeFirst()
    switch outcome {
    case .held: tally[load, default: (0, 0)].held += 1
    case .broke: break
    case .notOffered:
      if doubted.insert(load).inserted {
        queue.append(load)
        return
      }
      ceiling = min(ceiling ?? .infinity, load)
      queue.removeAll { $0 >= load }
      loads.removeAll { $0 >= load && tally[$0] == nil }
      if queue.isEmpty { extend() }
      return
    }
    tally[load, default: (0, 0)].tried += 1
    if queue.isEmpty { extend() }
  }

  private mutating func enqueue(_ batch: [Double]) {
    for _ in 0..<rounds { queue += batch.shuffled(using: &random) }
  }

  /// Where an end of the interval is missing, loads further out are tried, ever further apart.
  private mutating func extend() {
    guard extensions < Self.mostExtensions, let bottom = loads.first, let top = loads.last else { return }
    let counts = counts
    let answer = CapacityAnswer(counts, fewest: fewest)
    let allBelowHold = (answer?.lower ?? 0) > 0
    let hasUpper = answer.map { $0.upper != nil } ?? (counts.last.map { $0.held == 0 } ?? false)
    let stride = 1 << extensions
    var batch: [Double] = []
    if !hasUpper, ceiling == nil {
      batch += ladder.further(Self.rungsOfExtension, from: top, stride: stride, by: ladder.above)
    }
    if !allBelowHold {
      batch += ladder.further(Self.rungsOfExtension, from: bottom, stride: stride, by: ladder.below)
    }
    extensions += 1
    loads = (loads + batch).sorted()
    enqueue(batch)
  }
}

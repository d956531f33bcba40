import Digests

/// Random numbers that a seed repeats: SplitMix64.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= SplitMix.increment
    return SplitMix.mix(state)
  }

  /// Uniform in 0..<1.
  package mutating func unit() -> Double { SplitMix.unit(next()) }
}

import Digests

/// Stateless random numbers: the same seed and coordinates always draw the same number, whatever thread asks and in
/// whatever order.
enum RandomDraw {
  static func bits(seed: UInt64, _ first: UInt64, _ second: UInt64 = 0) -> UInt64 {
    let start = SplitMix.mix(seed &+ SplitMix.increment)
    return SplitMix.mix(SplitMix.mix(start &+ first) &+ second &* 0xD1B5_4A32_D192_ED03)
  }

  /// Uniform in 0..<1.
  static func unit(seed: UInt64, _ first: UInt64, _ second: UInt64 = 0) -> Double {
    SplitMix.unit(bits(seed: seed, first, second))
  }
}

/// Stateless random numbers: the same seed and coordinates always draw the same number, whatever thread asks and in
/// whatever order.
///
/// Source: the finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
enum RandomDraw {
  static func bits(seed: UInt64, _ first: UInt64, _ second: UInt64 = 0) -> UInt64 {
    mix(mix(mix(seed &+ 0x9E37_79B9_7F4A_7C15) &+ first) &+ second &* 0xD1B5_4A32_D192_ED03)
  }

  /// Uniform in 0..<1.
  static func unit(seed: UInt64, _ first: UInt64, _ second: UInt64 = 0) -> Double {
    Double(bits(seed: seed, first, second) >> 11) * 0x1p-53
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// What turns a counter into random numbers: SplitMix64's increment and finaliser.
///
/// - Source: Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014.
package enum SplitMix {
  /// Computed, so that other modules have the number itself and not a call for it.
  @inlinable package static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  @inlinable
  package static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// Uniform in 0..<1, by the upper bits.
  @inlinable
  package static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }
}

/// FNV-1a: a short number of bytes, for tables and tags, no defence against who means to collide.
///
/// - Source: G. Fowler, L. C. Noll, K.-P. Vo, "The FNV Non-Cryptographic Hash Algorithm".
package enum FNV1a {
  /// The number of nothing.
  @inlinable package static var basis: UInt64 { 0xCBF2_9CE4_8422_2325 }

  /// 64 bits.
  /// - Parameter seed: the number of what comes before.
  @inlinable
  package static func hash(_ bytes: some Sequence<UInt8>, from seed: UInt64 = basis) -> UInt64 {
    bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// 128 bits.
  package static func wide(_ bytes: [UInt8]) -> UInt128 {
    var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
    for byte in bytes { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
    return hash
  }
}

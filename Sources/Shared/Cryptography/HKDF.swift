import Digests

/// HKDF with SHA-256: from a secret that is not uniform to keys that are. Source: RFC 5869.
package enum HKDF {
  /// - Parameters:
  ///   - salt: may be known.
  ///   - info: what the key is for.
  ///   - count: bytes, at most 255 · 32.
  package static func key(of secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
    precondition(count <= 255 * 32, "HKDF gives at most 255 blocks")
    let pseudorandom = SHA256Digest.authenticated(secret, by: salt)
    var key: [UInt8] = []
    var block: [UInt8] = []
    var number: UInt8 = 1
    while key.count < count {
      block = SHA256Digest.authenticated(block + info + [number], by: pseudorandom)
      key += block
      number &+= 1
    }
    return Array(key.prefix(count))
  }
}

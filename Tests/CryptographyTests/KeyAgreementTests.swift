import Testing

@testable import Cryptography

struct KeyAgreementTests {
  @Test("two sides agree on one secret, and a key that is read is the key that was made")
  func agreement() throws {
    let (a, b) = (try P256PrivateKey(), try P256PrivateKey())
    let again = try P256PrivateKey(scalar: try a.scalar)
    #expect(again.publicKey.point == a.publicKey.point && a.publicKey.point != b.publicKey.point)
    let secret = try a.sharedSecret(with: b.publicKey)
    #expect(try b.sharedSecret(with: a.publicKey) == secret && secret.count == 32)
    #expect(try again.sharedSecret(with: b.publicKey) == secret)
  }

  @Test(
    "what is no key is refused: zero, the curve's order, other lengths, a point beside the curve, a compressed one",
    arguments: [
      Array(repeating: 0, count: 32), Array(repeating: 0xFF, count: 32), Array(repeating: 1, count: 31), [],
      Base64URL.decoded("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE") ?? [],
    ] as [[UInt8]])
  func scalars(scalar: [UInt8]) {
    let error = #expect(throws: CryptographyError.self) { try P256PrivateKey(scalar: scalar) }
    #expect(error?.code == .keyInvalid)
  }

  @Test("what is no point of the curve is refused")
  func points() throws {
    let point = try P256PrivateKey().publicKey.point
    var beside = point
    beside[64] ^= 1
    let wrongs: [[UInt8]] = [
      beside, [5] + point.dropFirst(), Array(point.dropLast()), point + [0], [2] + Array(point[1..<33]), [], [0],
    ]
    for wrong in wrongs {
      let error = #expect(throws: CryptographyError.self) { try P256PublicKey(point: wrong) }
      #expect(error?.code == .keyInvalid)
    }
  }

  @Test("HKDF gives RFC 5869's first and second example")
  func derivation() {
    let secret = [UInt8](repeating: 0x0B, count: 22)
    let first = HKDF.key(of: secret, salt: Array(0...0x0C), info: Array(0xF0...0xF9), count: 42)
    #expect(Base64URL.encoded(first) == "PLJfJfqs1XqQQ09k0DYvKi0tCpDPGlpMXbAtVuzExb80AHII1biHGFhl")
    let second = HKDF.key(
      of: Array(0x00...0x4F), salt: Array(0x60...0xAF), info: Array(0xB0...0xFF), count: 82)
    #expect(
      Base64URL.encoded(second)
        == "sR45jcgDJ6HI5_eMWWpJNE8BLtotTvrYoFDMTBmvqXxZBFqZyseCcnHLQcZeWQ4J2jJ1YAwvCbg2d5OprKPbccwwxYF57D6HwUwB1cHzQ08dhw"
    )
  }
}

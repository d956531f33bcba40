import COpenSSL

/// A key on the curve P-256, to sign with and to agree on a secret with.
package struct P256PrivateKey: Sendable {
  package let publicKey: P256PublicKey
  private let key: OpenSSLKey

  private static let length = 32

  /// A new one, of OpenSSL's randomness.
  /// - Throws: `CryptographyError` code `.failed`.
  package init() throws(CryptographyError) {
    let failure = CryptographyError(.failed, "OpenSSL made no key on P-256")
    guard let key = OpenSSLKey(copenssl_generate_p256()) else { throw failure }
    var point = [UInt8](repeating: 0, count: P256PublicKey.length)
    var count = 0
    guard EVP_PKEY_get_octet_string_param(key.handle, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1,
      count == point.count
    else { throw failure }
    self.key = key
    publicKey = try P256PublicKey(point: point)
  }

  /// - Parameter scalar: 32 bytes, the most significant first.
  /// - Throws: `CryptographyError` code `.keyInvalid`.
  package init(scalar: [UInt8]) throws(CryptographyError) {
    guard scalar.count == Self.length, let point = P256Encoding.point(of: scalar),
      let key = P256Encoding.privateKey(scalar, point)
    else { throw CryptographyError(.keyInvalid, "a private key of P-256 was expected, 32 bytes") }
    self.key = key
    publicKey = try P256PublicKey(point: point)
  }

  /// 32 bytes, the most significant first.
  package var scalar: [UInt8] {
    get throws(CryptographyError) {
      var number: OpaquePointer?
      guard EVP_PKEY_get_bn_param(key.handle, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 else {
        throw CryptographyError(.failed, "OpenSSL did not tell a key that it made")
      }
      defer { BN_clear_free(number) }
      return try Self.bytes(number)
    }
  }

  /// What both sides get of their own private and the other's public key: 32 bytes, which are no key yet.
  /// Source: SEC 1 §3.3.1.
  package func sharedSecret(with peer: P256PublicKey) throws(CryptographyError) -> [UInt8] {
    let failure = CryptographyError(.failed, "OpenSSL agreed on no secret")
    guard let context = EVP_PKEY_CTX_new(key.handle, nil) else { throw failure }
    defer { EVP_PKEY_CTX_free(context) }
    var secret = [UInt8](repeating: 0, count: Self.length)
    var count = secret.count
    guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer.key.handle) == 1,
      EVP_PKEY_derive(context, &secret, &count) == 1, count == secret.count
    else {
      ERR_clear_error()
      throw failure
    }
    return secret
  }

  /// ES256: r and s, 32 bytes each. Source: RFC 7518 §3.4.
  package func signature(of bytes: [UInt8]) throws(CryptographyError) -> [UInt8] {
    let encoded = try key.signature(of: bytes)
    let parsed = encoded.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_ECDSA_SIG(nil, &next, buffer.count)
    }
    guard let parsed else { throw CryptographyError(.failed, "OpenSSL did not read a signature that it made") }
    defer { ECDSA_SIG_free(parsed) }
    return try Self.bytes(ECDSA_SIG_get0_r(parsed)) + Self.bytes(ECDSA_SIG_get0_s(parsed))
  }

  private static func bytes(_ number: OpaquePointer?) throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    guard BN_bn2binpad(number, &bytes, Int32(length)) == Int32(length) else {
      throw CryptographyError(.failed, "a number of OpenSSL's has over 32 bytes")
    }
    return bytes
  }
}

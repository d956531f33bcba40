import COpenSSL

/// An RSA key, to sign with.
package struct RSAPrivateKey: Sendable {
  private static let leastBits = 2_048

  private let key: OpenSSLKey

  /// - Parameter pem: `-----BEGIN PRIVATE KEY-----` (PKCS #8), not encrypted, 2048 bits or more.
  /// - Throws: `CryptographyError` code `.keyInvalid`.
  package init(pem: String) throws(CryptographyError) {
    let bytes = Array(pem.utf8)
    guard bytes.count <= 100_000, let input = BIO_new_mem_buf(bytes, Int32(bytes.count)) else {
      throw CryptographyError(.keyInvalid, "a private key in PEM was expected")
    }
    defer { BIO_free(input) }
    // Without an answer of its own OpenSSL would ask the terminal for an encrypted key's password.
    let handle = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil)
    guard let key = OpenSSLKey(handle), EVP_PKEY_is_a(key.handle, "RSA") == 1,
      Int(EVP_PKEY_get_bits(key.handle)) >= Self.leastBits
    else {
      throw CryptographyError(
        .keyInvalid,
        "an RSA key of at least \(Self.leastBits) bits was expected, in PEM (-----BEGIN PRIVATE KEY-----), not encrypted"
      )
    }
    self.key = key
  }

  /// RS256. Source: RFC 7518 §3.3.
  package func signature(of bytes: [UInt8]) throws(CryptographyError) -> [UInt8] { try key.signature(of: bytes) }
}

import COpenSSL

/// The one owner of a key of OpenSSL's. It is never changed once it is made, so that threads may share it: OpenSSL counts its
/// users atomically, and a signature has a context of its own.
final class OpenSSLKey: @unchecked Sendable {
  let handle: OpaquePointer

  /// Takes over what OpenSSL made; nil for nothing.
  init?(_ handle: OpaquePointer?) {
    guard let handle else {
      ERR_clear_error()
      return nil
    }
    self.handle = handle
  }

  deinit { EVP_PKEY_free(handle) }

  /// Of SHA-256 of `bytes`: PKCS #1 v1.5 by an RSA key, DER by one on a curve.
  func signature(of bytes: [UInt8]) throws(CryptographyError) -> [UInt8] {
    let failure = CryptographyError(.failed, "OpenSSL did not sign")
    guard let context = EVP_MD_CTX_new() else { throw failure }
    defer { EVP_MD_CTX_free(context) }
    var count = Int(EVP_PKEY_get_size(handle))
    var signature = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, handle) == 1,
      EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
    else {
      ERR_clear_error()
      throw failure
    }
    return Array(signature.prefix(count))
  }
}

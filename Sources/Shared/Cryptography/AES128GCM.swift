import COpenSSL

/// AES-128 in Galois/Counter Mode. Source: NIST SP 800-38D.
package enum AES128GCM {
  package static let keyLength = 16
  package static let nonceLength = 12
  package static let tagLength = 16

  /// The sealed text, and its tag of 16 bytes behind it.
  /// - Parameters:
  ///   - key: 16 bytes.
  ///   - nonce: 12 bytes, never twice with one key.
  /// - Throws: `CryptographyError`.
  package static func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    guard key.count == keyLength, nonce.count == nonceLength, plaintext.count <= Int(Int32.max) else {
      throw CryptographyError(.keyInvalid, "AES-128-GCM takes a key of 16 bytes and a nonce of 12")
    }
    let failure = CryptographyError(.failed, "OpenSSL did not seal by AES-128-GCM")
    guard let context = EVP_CIPHER_CTX_new() else { throw failure }
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1 else { throw failure }
    // One block more: it must have an address where there is no text.
    var sealed = [UInt8](repeating: 0, count: plaintext.count + tagLength)
    var written: Int32 = 0
    var rest: Int32 = 0
    guard EVP_EncryptUpdate(context, &sealed, &written, plaintext, Int32(plaintext.count)) == 1,
      Int(written) == plaintext.count
    else { throw failure }
    var tag = [UInt8](repeating: 0, count: tagLength)
    guard EVP_EncryptFinal_ex(context, &tag, &rest) == 1, rest == 0,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagLength), &tag) == 1
    else { throw failure }
    sealed.replaceSubrange(plaintext.count..., with: tag)
    return sealed
  }
}

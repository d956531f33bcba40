import COpenSSL

/// SHA-256 by OpenSSL: 32 bytes.
package enum SHA256Digest {
  package static func of(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    precondition(SHA256(bytes, bytes.count, &hash) != nil, "OpenSSL has no SHA-256")
    return hash
  }

  /// The first 128 bits in hexadecimal: a name that no two things share.
  package static func name(of bytes: [UInt8]) -> String { hexadecimal(of(bytes).prefix(16)) }

  /// HMAC-SHA-256. Source: RFC 2104.
  package static func authenticated(_ bytes: [UInt8], by key: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 32
    // Thirty-two zeros would be a signature that anybody can make.
    let result = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &hash, &length)
    precondition(result != nil && length == 32, "OpenSSL has no HMAC-SHA-256")
    return hash
  }

  /// Two lower-case digits a byte.
  package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

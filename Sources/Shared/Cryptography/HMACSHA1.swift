import COpenSSL

/// HMAC-SHA-1, for peers that sign by nothing newer: as a keyed hash it is not broken. Source: RFC 2104; NIST SP 800-107r1 §5.3.4.
package enum HMACSHA1 {
  /// 20 bytes.
  package static func of(_ bytes: [UInt8], by key: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 20)
    var length: UInt32 = 20
    // Twenty zeros would be a signature that anybody can make.
    let result = HMAC(EVP_sha1(), key, Int32(key.count), bytes, bytes.count, &hash, &length)
    precondition(result != nil && length == 20, "OpenSSL has no HMAC-SHA-1")
    return hash
  }
}

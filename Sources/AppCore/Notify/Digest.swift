import COpenSSL

enum Digest {
  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    SHA256(bytes, bytes.count, &hash)
    return hash
  }

  /// HMAC-SHA-256. Source: RFC 2104.
  static func authenticated(_ bytes: [UInt8], by key: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 32
    HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &hash, &length)
    return hash
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

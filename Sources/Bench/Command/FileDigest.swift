import Digests
import Foundation

enum FileDigest {
  /// The SHA-256 of a file in lower-case hexadecimal; nil when it can't be read.
  static func sha256(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return SHA256Digest.hexadecimal(SHA256Digest.of(Array(data)))
  }
}

import Digests
import Secrets

/// Signs words with the service's secret: nothing is kept, nobody else can make one.
struct TokenSignature: Sendable {
  private let secret: Redacted<String>

  init(secret: Redacted<String>) { self.secret = secret }

  /// 128 bits of a keyed hash, in hexadecimal.
  /// - Parameter name: begins with what it is for, so that a word for one thing is good for no other.
  func sign(_ name: String) -> String { SHA256Digest.hexadecimal(bytes(name).prefix(16)) }

  /// The keyed hash: 32 bytes.
  func bytes(_ name: String) -> [UInt8] {
    Array(SHA256Digest.authenticated(Array(name.utf8), by: Array(secret.secret.utf8)))
  }
}

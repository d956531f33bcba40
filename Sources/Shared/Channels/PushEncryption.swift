import Cryptography

/// Seals one message for one browser as a single `aes128gcm` record. Source: RFC 8291 §3.4, RFC 8188 §2.
package enum PushEncryption {
  /// A record's size, as its header says it; what every push service takes. Source: RFC 8291 §4, RFC 8030 §7.2.
  private static let recordSize = 4_096
  private static let saltLength = 16
  private static let headerLength = saltLength + 4 + 1 + P256PublicKey.length

  /// In bytes: 3,993. A delimiter and a tag come to it.
  static let longestPlaintext = recordSize - headerLength - 1 - AES128GCM.tagLength

  /// - Parameter plaintext: at most 3,993 bytes.
  /// - Throws: `ChannelError` code `.refused`.
  package static func sealed(
    _ plaintext: [UInt8], for subscription: PushSubscription
  ) throws(ChannelError) -> [UInt8] {
    do {
      return try sealed(
        plaintext, for: subscription, by: try P256PrivateKey(),
        salt: (0..<saltLength).map { _ in UInt8.random(in: 0...255) })
    } catch let error as ChannelError {
      throw error
    } catch {
      throw ChannelError(.refused, "\(error)")
    }
  }

  /// - Parameters:
  ///   - key: for this message alone.
  ///   - salt: 16 random bytes, for this message alone.
  static func sealed(
    _ plaintext: [UInt8], for subscription: PushSubscription, by key: P256PrivateKey, salt: [UInt8]
  ) throws -> [UInt8] {
    guard plaintext.count <= longestPlaintext else {
      throw ChannelError(
        .refused, "a push message of \(plaintext.count) bytes: at most \(longestPlaintext) were expected")
    }
    let (theirs, ours) = (subscription.publicKey.point, key.publicKey.point)
    let secret = HKDF.key(
      of: try key.sharedSecret(with: subscription.publicKey), salt: subscription.authenticationSecret,
      info: Array("WebPush: info\0".utf8) + theirs + ours, count: 32)
    let contentKey = HKDF.key(
      of: secret, salt: salt, info: Array("Content-Encoding: aes128gcm\0".utf8), count: AES128GCM.keyLength)
    let nonce = HKDF.key(
      of: secret, salt: salt, info: Array("Content-Encoding: nonce\0".utf8), count: AES128GCM.nonceLength)
    let size = UInt32(recordSize)
    let header =
      salt + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + [UInt8(ours.count)] + ours
    // 2 ends the last record. Source: RFC 8188 §2.
    return header + (try AES128GCM.seal(plaintext + [2], key: contentKey, nonce: nonce))
  }
}

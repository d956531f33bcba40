import COpenSSL

/// Somebody else's point on the curve P-256.
package struct P256PublicKey: Sendable {
  /// 4, x and y: 65 bytes. Source: SEC 1 §2.3.3.
  package let point: [UInt8]
  let key: OpenSSLKey

  package static let length = 65

  /// - Parameter point: uncompressed.
  /// - Throws: `CryptographyError` code `.keyInvalid` for what is no point of the curve.
  package init(point: [UInt8]) throws(CryptographyError) {
    guard point.count == Self.length, point.first == 4, let key = P256Encoding.publicKey(point) else {
      throw CryptographyError(
        .keyInvalid, "an uncompressed point of P-256 was expected, 65 bytes of which the first is 4")
    }
    self.point = point
    self.key = key
  }
}

/// How OpenSSL is told of a key on P-256: by its DER.
enum P256Encoding {
  /// A SubjectPublicKeyInfo up to its point. Source: RFC 5480 §2.
  private static let publicStart: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
    0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]
  /// An ECPrivateKey up to its scalar, and from there to its point. Source: RFC 5915 §3.
  private static let privateStart: [UInt8] = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20]
  private static let privateMiddle: [UInt8] = [
    0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0xA1, 0x44, 0x03, 0x42, 0x00,
  ]

  /// - Parameter point: 65 bytes.
  /// - Returns: nil for what is no point of the curve.
  static func publicKey(_ point: [UInt8]) -> OpenSSLKey? {
    read(publicStart + point) { d2i_PUBKEY(nil, &$0, $1) }
  }

  /// - Parameters:
  ///   - scalar: 32 bytes, from 1 up to the curve's order.
  ///   - point: that belongs to it.
  static func privateKey(_ scalar: [UInt8], _ point: [UInt8]) -> OpenSSLKey? {
    read(privateStart + scalar + privateMiddle + point) { d2i_AutoPrivateKey(nil, &$0, $1) }
  }

  private static func read(
    _ bytes: [UInt8], _ decode: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
  ) -> OpenSSLKey? {
    bytes.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return OpenSSLKey(decode(&next, buffer.count))
    }
  }

  /// The point that belongs to a private key; nil for a scalar that is none, which is 1 up to the curve's order.
  static func point(of scalar: [UInt8]) -> [UInt8]? {
    guard let group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) else { return nil }
    defer { EC_GROUP_free(group) }
    guard let number = BN_bin2bn(scalar, Int32(scalar.count), nil) else { return nil }
    defer { BN_clear_free(number) }
    guard BN_is_zero(number) == 0, let order = EC_GROUP_get0_order(group), BN_cmp(number, order) < 0,
      let product = EC_POINT_new(group)
    else { return nil }
    defer { EC_POINT_free(product) }
    var point = [UInt8](repeating: 0, count: P256PublicKey.length)
    guard EC_POINT_mul(group, product, number, nil, nil, nil) == 1,
      EC_POINT_point2oct(group, product, POINT_CONVERSION_UNCOMPRESSED, &point, point.count, nil) == point.count
    else {
      ERR_clear_error()
      return nil
    }
    return point
  }
}

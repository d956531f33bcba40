/// What a request's method promises.
enum RequestMethod {
  /// Whether making the request twice has the effect of making it once.
  /// - Parameter request: its first bytes at least.
  /// - Source: RFC 9110 §9.2.2.
  static func isIdempotent(_ request: some Sequence<UInt8>) -> Bool {
    let method = String(decoding: request.prefix { $0 != 0x20 }.prefix(8), as: UTF8.self)
    return ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(method)
  }
}

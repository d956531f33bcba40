import CZlib

/// Undoes `Content-Encoding: gzip` and `deflate` for checks that look at a body. Sizes are counted as they came.
enum ContentCoding {
  /// - Returns: the body as it is without a coding; nil when it is damaged, of another coding, or larger than `limit`
  ///   once it is decoded.
  static func decoded(_ body: UnsafeBufferPointer<UInt8>, _ head: ResponseHead, limit: Int) -> Body? {
    let codings = head.values(of: Array("content-encoding".utf8)).map {
      String(decoding: $0, as: UTF8.self).lowercased()
    }
    guard let coding = codings.first, coding != "identity", !body.isEmpty else { return .asItCame }
    guard codings.count == 1, ["gzip", "x-gzip", "deflate"].contains(coding) else { return nil }
    return inflate(body, limit: limit).map { .decoded($0) }
  }

  enum Body {
    case asItCame
    case decoded([UInt8])
  }

  /// zlib or gzip data, told apart by its first bytes. Source: zlib.h, `inflateInit2` with 32 added to the window bits.
  static func inflate(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.avail_in = uInt(bytes.count)
    while true {
      var status = Z_OK
      piece.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = uInt(buffer.count)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      let count = piece.count - Int(stream.avail_out)
      guard output.count + count <= limit else { return nil }
      output += piece[..<count]
      if status == Z_STREAM_END { return output }
      guard status == Z_OK, count > 0 || stream.avail_in > 0 else { return nil }
    }
  }
}

import CZlib

/// Whole buffers through zlib.
enum Zlib {
  static func deflate(_ bytes: [UInt8]) throws(HistogramCodecError) -> [UInt8] {
    var size = compressBound(uLong(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(size))
    let status = compress2(&output, &size, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
    guard status == Z_OK else { throw HistogramCodecError(.malformed, "zlib could not compress (status \(status))") }
    output.removeLast(output.count - Int(size))
    return output
  }

  /// - Parameter limit: the most bytes that the result may have.
  static func inflate(_ bytes: [UInt8], limit: Int) throws(HistogramCodecError) -> [UInt8] {
    var size = uLong(limit)
    var output = [UInt8](repeating: 0, count: limit)
    let status = uncompress(&output, &size, bytes, uLong(bytes.count))
    guard status != Z_BUF_ERROR || Int(size) < limit else {
      throw HistogramCodecError(.outOfBounds, "the compressed counts are larger than \(limit) bytes")
    }
    guard status == Z_OK else {
      throw HistogramCodecError(.malformed, "the compressed counts are not whole zlib data (status \(status))")
    }
    output.removeLast(output.count - Int(size))
    return output
  }
}

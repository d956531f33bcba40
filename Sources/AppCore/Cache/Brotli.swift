import CBrotli

/// Bodies as clients take them that name `br`. Source: RFC 7932.
package enum Brotli {
  /// A few percent smaller than gzip's at about its time; the highest would take fifty times as long.
  private static let quality: Int32 = 6

  /// Nil where there is no memory for it.
  package static func encoded(_ bytes: [UInt8]) -> [UInt8]? {
    let bound = BrotliEncoderMaxCompressedSize(bytes.count)
    guard bound > 0 else { return nil }
    let output = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      var size = bound
      let isDone = BrotliEncoderCompress(
        quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.count, bytes, &size, output.baseAddress)
      count = isDone == BROTLI_TRUE ? size : 0
    }
    return output.isEmpty ? nil : output
  }
}

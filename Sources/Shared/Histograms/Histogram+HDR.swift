/// HdrHistogram's V2 encoding: what its own tools read and merge.
///
/// It holds the counts only: samples beyond the range and unanswered attempts have no place in it and travel beside it.
///
/// Source: HdrHistogram, `AbstractHistogram.java`, `encodeIntoByteBuffer`, `encodeIntoCompressedByteBuffer` and
/// `fillCountsArrayFromSourceBuffer`.
extension Histogram {
  private static let cookie: UInt32 = 0x1c84_9313
  private static let compressedCookie: UInt32 = 0x1c84_9314
  private static let headerLength = 40
  /// Nine bytes a slot, which no encoding exceeds, and the header.
  private static let longestEncoding = HistogramLayout.countsLength * 9 + headerLength

  /// The header and the counts, as they are before compression.
  package func encodedHDR() -> [UInt8] {
    var payload: [UInt8] = []
    if recorded > 0 {
      let last = HistogramLayout.index(of: maximum)
      var index = 0
      while index <= last {
        var zeros = 0
        while index + zeros <= last, counts[index + zeros] == 0 { zeros += 1 }
        if zeros > 0 {
          ZigZagLEB128.append(-Int64(zeros), to: &payload)
          index += zeros
        } else {
          ZigZagLEB128.append(Int64(clamping: counts[index]), to: &payload)
          index += 1
        }
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerLength + payload.count)
    bytes.appendBigEndian(Self.cookie)
    bytes.appendBigEndian(UInt32(payload.count))
    bytes.appendBigEndian(UInt32(0))
    bytes.appendBigEndian(UInt32(HistogramLayout.significantDigits))
    bytes.appendBigEndian(HistogramLayout.lowestDiscernible)
    bytes.appendBigEndian(HistogramLayout.highestTrackable)
    bytes.appendBigEndian(Double(1).bitPattern)
    return bytes + payload
  }

  /// Compressed and in base64, as interval logs and reports carry it: begins with `HISTF`.
  package func encodedHDRText() throws(HistogramCodecError) -> String {
    let compressed = try Zlib.deflate(encodedHDR())
    var bytes: [UInt8] = []
    bytes.appendBigEndian(Self.compressedCookie)
    bytes.appendBigEndian(UInt32(compressed.count))
    return Base64.encode(bytes + compressed)
  }

  /// Reads what `encodedHDRText` wrote, or another tool with lowest value 1 and 3 significant digits.
  ///
  /// Counts come back exactly. Minimum, maximum and sum are not part of the format: they are read from the slots, to
  /// the layout's 0.1 %.
  package init(hdrText: String) throws(HistogramCodecError) {
    guard hdrText.utf8.count <= Self.longestEncoding * 2, let bytes = Base64.decode(hdrText) else {
      throw HistogramCodecError(.malformed, "not base64, or longer than any histogram of this layout")
    }
    var rest = bytes[...]
    guard let cookie = rest.takeBigEndian(UInt32.self), let length = rest.takeBigEndian(UInt32.self) else {
      throw HistogramCodecError(.malformed, "cut short within the header")
    }
    guard cookie == Self.compressedCookie else {
      throw HistogramCodecError(.unsupported, "cookie 0x\(String(cookie, radix: 16)) is not V2 compressed")
    }
    guard Int(length) == rest.count else {
      throw HistogramCodecError(.malformed, "\(rest.count) compressed bytes where the header says \(length)")
    }
    try self.init(hdr: Zlib.inflate(Array(rest), limit: Self.longestEncoding))
  }

  /// Reads what `encodedHDR` wrote.
  package init(hdr bytes: [UInt8]) throws(HistogramCodecError) {
    self.init()
    var rest = bytes[...]
    guard let cookie = rest.takeBigEndian(UInt32.self), let length = rest.takeBigEndian(UInt32.self),
      let offset = rest.takeBigEndian(UInt32.self), let digits = rest.takeBigEndian(UInt32.self),
      let lowest = rest.takeBigEndian(UInt64.self), rest.takeBigEndian(UInt64.self) != nil,
      let ratio = rest.takeBigEndian(UInt64.self)
    else { throw HistogramCodecError(.malformed, "cut short within the header") }
    guard cookie == Self.cookie, offset == 0, Int(digits) == HistogramLayout.significantDigits,
      lowest == HistogramLayout.lowestDiscernible, Double(bitPattern: ratio) == 1
    else {
      throw HistogramCodecError(.unsupported, "not V2 with lowest value 1, 3 significant digits and no offset")
    }
    guard Int(length) == rest.count else {
      throw HistogramCodecError(.malformed, "\(rest.count) bytes of counts where the header says \(length)")
    }
    let slots = HistogramLayout.index(of: HistogramLayout.highestTrackable) + 1
    var index = 0
    while !rest.isEmpty {
      guard let value = ZigZagLEB128.take(from: &rest) else {
        throw HistogramCodecError(.malformed, "cut short within the counts")
      }
      guard value.magnitude <= UInt64(value < 0 ? slots - index : 1 << 48), index < slots else {
        throw HistogramCodecError(.outOfBounds, "a count or a run of zeros at slot \(index) is out of bounds")
      }
      if value < 0 {
        index += Int(value.magnitude)
      } else {
        record(slot: index, times: UInt64(value))
        index += 1
      }
    }
  }
}

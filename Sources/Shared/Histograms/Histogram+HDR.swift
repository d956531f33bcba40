/// HdrHistogram's V2 encoding: what its own tools read and merge.
///
/// It holds counts only, so samples without a value (unanswered attempts, and what is beyond the range) are counted in
/// the highest slot: its total is `count`, and a rank among them reads as an hour rather than as a faster sample. How many
/// they are travels beside it.
///
/// Source: HdrHistogram, `AbstractHistogram.java`, `encodeIntoByteBuffer`, `encodeIntoCompressedByteBuffer` and
/// `fillCountsArrayFromSourceBuffer`.
extension Histogram {
  private static let cookie: UInt32 = 0x1c84_9313
  private static let compressedCookie: UInt32 = 0x1c84_9314
  private static let headerLength = 40
  /// Nine bytes a slot, which no encoding exceeds, and the header.
  private static let longestEncoding = HistogramLayout.countsLength * 9 + headerLength
  private static let highestSlot = HistogramLayout.index(of: HistogramLayout.highestTrackable)

  /// What its encoding shows as the maximum.
  var encodedMaximum: UInt64 { count > recorded ? HistogramLayout.highestTrackable : maximum }

  /// The header and the counts, as they are before compression.
  package func encodedHDR() -> [UInt8] {
    var payload: [UInt8] = []
    var filled = entries
    if count > recorded {
      let inHighest = filled.last?.slot == Self.highestSlot ? filled.removeLast().count : 0
      filled.append(Entry(slot: Self.highestSlot, count: inHighest + count - recorded))
    }
    var next = 0
    for entry in filled {
      if entry.slot > next { ZigZagLEB128.append(Int64(next - entry.slot), to: &payload) }
      ZigZagLEB128.append(Int64(clamping: entry.count), to: &payload)
      next = entry.slot + 1
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
  /// - Parameters:
  ///   - unanswered: how many of those in the highest slot were attempts without an answer, as a report says beside the
  ///     text. They are taken out of that slot and counted as such. With 0 they read as samples of an hour.
  ///   - beyondRange: how many of those were beyond the range.
  /// - Throws: code `.outOfBounds` when the highest slot has fewer.
  package init(hdrText: String, unanswered: UInt64 = 0, beyondRange: UInt64 = 0) throws(HistogramCodecError) {
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
    try self.init(
      hdr: Zlib.inflate(Array(rest), limit: Self.longestEncoding), unanswered: unanswered, beyondRange: beyondRange)
  }

  /// Reads what `encodedHDR` wrote; the other parameters as for `init(hdrText:unanswered:beyondRange:)`.
  package init(
    hdr bytes: [UInt8], unanswered: UInt64 = 0, beyondRange: UInt64 = 0
  ) throws(HistogramCodecError) {
    self.init()
    let (withoutValue, overflow) = unanswered.addingReportingOverflow(beyondRange)
    guard !overflow else { throw HistogramCodecError(.outOfBounds, "more samples without a value than can be counted") }
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
    let slots = Self.highestSlot + 1
    var index = 0
    var inHighest: UInt64 = 0
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
        if index == Self.highestSlot { inHighest = UInt64(value) } else { record(slot: index, times: UInt64(value)) }
        index += 1
      }
    }
    guard inHighest >= withoutValue else {
      throw HistogramCodecError(
        .outOfBounds, "\(inHighest) at the highest value, where \(withoutValue) without a value are said to be")
    }
    record(slot: Self.highestSlot, times: inHighest - withoutValue)
    recordUnanswered(times: unanswered)
    recordBeyondRange(times: beyondRange)
  }
}

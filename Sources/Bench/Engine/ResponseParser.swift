import Glibc

/// An incremental HTTP/1.1 response parser. It counts the body; it keeps a head only until it is whole.
///
/// Source: RFC 9112 §4 (status line), §6 (message body), §7.1 (chunked), §6.3 (which length counts).
struct ResponseParser {
  /// A head, all its interim responses included, may not be larger.
  static let maximumHead = 65_536

  /// The status of the response whose head has been read.
  private(set) var status: Int32 = 0
  /// Whether the connection may carry another request.
  private(set) var keepsAlive = true
  /// Body bytes so far, without chunk framing.
  private(set) var bodyBytes = 0
  /// The piece of the body that the last `advance` found, within the bytes that it was given; empty unless
  /// `reportsBody`.
  private(set) var pieceStart = 0
  private(set) var pieceCount = 0
  /// What was wrong, when `advance` said `.malformed`.
  private(set) var defect = Defect.none
  /// Stop at each piece of the body, for a caller that wants to look at it.
  var reportsBody = false
  /// Keep a copy of the head, for a caller that wants to look at it.
  var keepsHead = false
  /// The response answers HEAD: no body follows, whatever its headers say.
  var isHead = false

  private var phase = Phase.head
  /// Bytes left of a fixed length or of the current chunk.
  private var remaining = 0
  /// Digits of a chunk size, or characters of a trailer line, seen so far.
  private var lineLength = 0
  private var stash: UnsafeMutablePointer<UInt8>?
  private var stashCount = 0
  private var stashCapacity = 0
  private var keptHead: UnsafeMutablePointer<UInt8>?
  private var keptHeadCount = 0
  private var keptHeadCapacity = 0

  enum Outcome: UInt8 {
    /// All bytes are used; the response is not complete.
    case needsMore
    /// A piece of the body was found; call `advance` again from the returned offset.
    case bodyPiece
    case complete
    case malformed
  }

  enum Defect: UInt8 {
    case none, statusLine, headTooLarge, headerLine, contentLength, chunkSize, chunkEnd, truncated
    case switched

    var description: StaticString {
      switch self {
      case .none: "no defect"
      case .statusLine: "expected an HTTP/1.x status line"
      case .headTooLarge: "the response's head is larger than 64 KiB"
      case .headerLine: "a header line is folded"
      case .contentLength: "Content-Length is no number, or is given twice with different values"
      case .chunkSize: "a chunk size is no hexadecimal number"
      case .chunkEnd: "a chunk does not end with a line end"
      case .switched: "101: nobody asked for another protocol"
      case .truncated: "the connection closed before the response was complete"
      }
    }
  }

  private enum Phase: UInt8 { case head, fixed, chunkSize, chunkExtension, chunkData, chunkEnd, trailer, untilClose }

  /// Bytes of a body of fixed length that are still to come and that nobody wants to look at; else 0.
  @inline(__always)
  var unread: Int { phase == .fixed && !reportsBody ? remaining : 0 }

  /// Bytes of the body so far where its length was told beforehand; else 0.
  @inline(__always)
  var fixedBody: Int { phase == .fixed ? bodyBytes : 0 }

  /// So many of the unread bytes have come, and went by unseen.
  /// - Returns: whether they were the last.
  mutating func pass(_ count: Int) -> Bool {
    remaining &-= count
    bodyBytes &+= count
    return remaining == 0
  }

  /// Forgets the last response; the stash's memory is kept for the next.
  @inline(__always)
  mutating func reset() {
    phase = .head
    bodyBytes = 0
    stashCount = 0
    keepsAlive = true
    keptHeadCount = 0
  }

  /// The head of the response, when `keepsHead`.
  var head: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: keptHead, count: keptHeadCount) }

  @inline(never)
  private mutating func saveHead(_ bytes: borrowing Span<UInt8>, from start: Int, to end: Int) {
    let count = end - start
    if count > keptHeadCapacity {
      keptHead?.deallocate()
      keptHeadCapacity = count * 2
      keptHead = .allocate(capacity: keptHeadCapacity)
    }
    bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { keptHead?.update(from: base + start, count: count) }
    }
    keptHeadCount = count
  }

  mutating func deallocate() {
    stash?.deallocate()
    keptHead?.deallocate()
    keptHead = nil
    keptHeadCapacity = 0
    keptHeadCount = 0
    stash = nil
    stashCapacity = 0
    stashCount = 0
  }

  /// Whether any byte of a response has been seen since the last reset.
  var hasBegun: Bool { phase != .head || stashCount > 0 }

  /// The connection was closed: true when that is how this response ends.
  func isCompleteAtClose() -> Bool { phase == .untilClose }

  mutating func markTruncated() { defect = .truncated }

  /// Reads on from `offset`.
  /// - Returns: what was reached, and the offset of the first byte that is not used.
  @inline(__always)
  mutating func advance(_ bytes: borrowing Span<UInt8>, from offset: Int) -> (Outcome, Int) {
    var position = offset
    pieceCount = 0
    if phase == .head {
      let used = stashCount == 0 ? readHead(bytes, from: offset) : readStashedHead(bytes, from: offset)
      if used < 0 { return (.malformed, offset) }
      if used == 0 { return (.needsMore, bytes.count) }
      position = used
    }
    if phase == .fixed {
      let available = bytes.count &- position
      if available >= remaining {
        bodyBytes &+= remaining
        pieceStart = position
        pieceCount = remaining
        return (.complete, position &+ remaining)
      }
      remaining &-= available
      bodyBytes &+= available
      guard reportsBody, available > 0 else { return (.needsMore, bytes.count) }
      pieceStart = position
      pieceCount = available
      return (.bodyPiece, bytes.count)
    }
    return advanceSlowly(bytes, from: position)
  }

  // MARK: Head

  /// - Returns: the offset behind the head, 0 when it is not whole yet (its bytes are stashed), −1 when malformed.
  @inline(__always)
  private mutating func readHead(_ bytes: borrowing Span<UInt8>, from offset: Int) -> Int {
    let end = parseHead(bytes, from: offset)
    if end == 0 { return keep(bytes, from: offset) ? 0 : -1 }
    return end
  }

  @inline(never)
  private mutating func readStashedHead(_ bytes: borrowing Span<UInt8>, from offset: Int) -> Int {
    let before = stashCount
    guard keep(bytes, from: offset), let stash else { return -1 }
    let end = parseHead(UnsafeBufferPointer(start: stash, count: stashCount).span, from: 0)
    if end <= 0 { return end }
    stashCount = 0
    return offset &+ end &- before
  }

  /// - Returns: the offset behind the head, 0 when it is incomplete, −1 when malformed.
  @inline(__always)
  private mutating func parseHead(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int {
    var offset = start
    while true {
      let end = parseOneHead(bytes, from: offset)
      if end <= 0 { return end }
      // Interim responses (1xx) precede the real one.
      if status >= 200 {
        if keepsHead { saveHead(bytes, from: offset, to: end) }
        return end
      }
      offset = end
    }
  }

  private mutating func parseOneHead(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int {
    let count = bytes.count
    guard count &- start >= 13 else { return isPrefixOfStatusLine(bytes, from: start) ? 0 : fail(.statusLine) }
    guard bytes[start] == 0x48, bytes[start &+ 1] == 0x54, bytes[start &+ 2] == 0x54, bytes[start &+ 3] == 0x50,
      bytes[start &+ 4] == 0x2F, bytes[start &+ 5] == 0x31, bytes[start &+ 6] == 0x2E, bytes[start &+ 8] == 0x20
    else { return fail(.statusLine) }
    let hundreds = Int32(bytes[start &+ 9]) &- 48
    let tens = Int32(bytes[start &+ 10]) &- 48
    let ones = Int32(bytes[start &+ 11]) &- 48
    guard hundreds >= 1, hundreds <= 5, tens >= 0, tens <= 9, ones >= 0, ones <= 9 else { return fail(.statusLine) }
    let code = hundreds &* 100 &+ tens &* 10 &+ ones

    var contentLength = -1
    var isChunked = false
    var hasTransferEncoding = false
    var persistent = bytes[start &+ 7] != 0x30
    var line = Self.lineFeed(bytes, from: start &+ 12)
    if line < 0 { return 0 }
    while true {
      let lineStart = line &+ 1
      line = Self.lineFeed(bytes, from: lineStart)
      if line < 0 { return 0 }
      let lineEnd = line > lineStart && bytes[line &- 1] == 0x0D ? line &- 1 : line
      let length = lineEnd &- lineStart
      if length == 0 { break }
      switch bytes[lineStart] | 0x20 {
      case 0x63:  // c
        if length >= 15, bytes[lineStart &+ 14] == 0x3A, Self.matches(bytes, lineStart, "content-length") {
          let value = Self.decimal(bytes, from: lineStart &+ 15, to: lineEnd)
          if value < 0 || (contentLength >= 0 && contentLength != value) { return fail(.contentLength) }
          contentLength = value
        } else if length >= 11, bytes[lineStart &+ 10] == 0x3A, Self.matches(bytes, lineStart, "connection") {
          if Self.holds(bytes, from: lineStart &+ 11, to: lineEnd, token: "close") {
            persistent = false
          } else if Self.holds(bytes, from: lineStart &+ 11, to: lineEnd, token: "keep-alive") {
            persistent = true
          }
        }
      case 0x74:  // t
        if length >= 18, bytes[lineStart &+ 17] == 0x3A, Self.matches(bytes, lineStart, "transfer-encoding") {
          hasTransferEncoding = true
          isChunked = Self.ends(bytes, from: lineStart &+ 18, to: lineEnd, with: "chunked")
        }
      case 0x20, 0x29:  // a space, or a tab, which the bit makes a parenthesis: neither begins a name
        return fail(.headerLine)
      default:
        break
      }
    }
    status = code
    keepsAlive = persistent
    if code < 200 { return code == 101 ? fail(.switched) : line &+ 1 }
    if isHead || code == 204 || code == 304 {
      phase = .fixed
      remaining = 0
    } else if isChunked {
      phase = .chunkSize
      remaining = 0
      lineLength = 0
    } else if hasTransferEncoding || contentLength < 0 {
      phase = .untilClose
      keepsAlive = false
    } else {
      phase = .fixed
      remaining = contentLength
    }
    return line &+ 1
  }

  private mutating func fail(_ defect: Defect) -> Int {
    self.defect = defect
    return -1
  }

  /// Whether what has come so far could still become `HTTP/1.x NNN`: garbage is named at its first byte rather than
  /// waited on.
  private func isPrefixOfStatusLine(_ bytes: borrowing Span<UInt8>, from start: Int) -> Bool {
    let expected: StaticString = "HTTP/1."
    let count = min(bytes.count &- start, 7)
    var index = 0
    while index < count {
      if bytes[start &+ index] != expected.utf8Start[index] { return false }
      index &+= 1
    }
    return true
  }

  @inline(__always)
  private static func lineFeed(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, start < buffer.count,
        let found = memchr(base + start, 0x0A, buffer.count &- start)
      else { return -1 }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  /// Whether the bytes at `start`, lower-cased, are `name` (lower-case letters and hyphens). They must be there.
  @inline(__always)
  private static func matches(_ bytes: borrowing Span<UInt8>, _ start: Int, _ name: StaticString) -> Bool {
    var index = 0
    while index < name.utf8CodeUnitCount {
      if bytes[start &+ index] | 0x20 != name.utf8Start[index] | 0x20 { return false }
      index &+= 1
    }
    return true
  }

  /// A number between optional white space; −1 when there is anything else, or more than 18 digits.
  @inline(__always)
  private static func decimal(_ bytes: borrowing Span<UInt8>, from start: Int, to end: Int) -> Int {
    var index = start
    var last = end
    while index < last, isBlank(bytes[index]) { index &+= 1 }
    while last > index, isBlank(bytes[last &- 1]) { last &-= 1 }
    guard last > index, last &- index <= 18 else { return -1 }
    var value = 0
    while index < last {
      let digit = Int(bytes[index]) &- 48
      if digit < 0 || digit > 9 { return -1 }
      value = value &* 10 &+ digit
      index &+= 1
    }
    return value
  }

  private static func holds(
    _ bytes: borrowing Span<UInt8>, from start: Int, to end: Int, token: StaticString
  ) -> Bool {
    var index = start
    while end &- index >= token.utf8CodeUnitCount {
      if matches(bytes, index, token) { return true }
      index &+= 1
    }
    return false
  }

  private static func ends(
    _ bytes: borrowing Span<UInt8>, from start: Int, to end: Int, with token: StaticString
  ) -> Bool {
    var last = end
    while last > start, isBlank(bytes[last &- 1]) { last &-= 1 }
    return last &- start >= token.utf8CodeUnitCount && matches(bytes, last &- token.utf8CodeUnitCount, token)
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Keeps the bytes from `offset` on until the rest of the head arrives.
  @inline(never)
  private mutating func keep(_ bytes: borrowing Span<UInt8>, from offset: Int) -> Bool {
    let count = bytes.count - offset
    // The head may end anywhere in the last read, so one read's worth is allowed beyond the limit.
    guard stashCount + count <= 2 * Self.maximumHead, stashCount < Self.maximumHead else {
      defect = .headTooLarge
      return false
    }
    if stashCount + count > stashCapacity { growStash(to: stashCount + count) }
    guard let stash else { return false }
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (stash + stashCount).update(from: base + offset, count: count)
    }
    stashCount += count
    return true
  }

  private mutating func growStash(to needed: Int) {
    let capacity = max(1_024, needed * 2)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    if let stash {
      larger.update(from: stash, count: stashCount)
      stash.deallocate()
    }
    stash = larger
    stashCapacity = capacity
  }

  // MARK: Body without a fixed length

  @inline(never)
  private mutating func advanceSlowly(_ bytes: borrowing Span<UInt8>, from start: Int) -> (Outcome, Int) {
    var index = start
    while index < bytes.count {
      switch phase {
      case .chunkSize:
        let digit = Self.hexadecimal(bytes[index])
        if digit >= 0 {
          guard lineLength < 15 else { return malformed(.chunkSize, start) }
          remaining = remaining &* 16 &+ digit
          lineLength &+= 1
          index &+= 1
        } else {
          guard lineLength > 0 else { return malformed(.chunkSize, start) }
          lineLength = 0
          phase = .chunkExtension
        }
      case .chunkExtension:
        let line = Self.lineFeed(bytes, from: index)
        let end = line < 0 ? bytes.count : line &+ 1
        lineLength &+= end &- index
        guard lineLength <= Self.maximumHead else { return malformed(.chunkSize, start) }
        index = end
        guard line >= 0 else { break }
        lineLength = 0
        phase = remaining == 0 ? .trailer : .chunkData
      case .chunkData:
        let count = min(remaining, bytes.count &- index)
        pieceStart = index
        pieceCount = count
        index &+= count
        remaining &-= count
        bodyBytes &+= count
        if remaining == 0 { phase = .chunkEnd }
        if reportsBody { return (.bodyPiece, index) }
      case .chunkEnd:
        let byte = bytes[index]
        index &+= 1
        if byte == 0x0A {
          phase = .chunkSize
          lineLength = 0
          remaining = 0
        } else if byte != 0x0D {
          return malformed(.chunkEnd, start)
        }
      case .trailer:
        let byte = bytes[index]
        index &+= 1
        if byte == 0x0A {
          if lineLength == 0 {
            pieceCount = 0
            return (.complete, index)
          }
          lineLength = 0
        } else if byte != 0x0D {
          lineLength &+= 1
          guard lineLength <= Self.maximumHead else { return malformed(.headTooLarge, start) }
        }
      case .untilClose:
        pieceStart = index
        pieceCount = bytes.count &- index
        bodyBytes &+= pieceCount
        return (reportsBody ? .bodyPiece : .needsMore, bytes.count)
      case .head, .fixed:
        return malformed(.statusLine, start)
      }
    }
    return (.needsMore, bytes.count)
  }

  private mutating func malformed(_ defect: Defect, _ offset: Int) -> (Outcome, Int) {
    self.defect = defect
    return (.malformed, offset)
  }

  private static func hexadecimal(_ byte: UInt8) -> Int {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46: Int(byte) - 0x37
    case 0x61...0x66: Int(byte) - 0x57
    default: -1
    }
  }
}

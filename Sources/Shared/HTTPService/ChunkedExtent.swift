/// Finds where a chunked body ends, byte by byte, so that what follows it is not taken for part of it, nor it for what
/// follows.
/// Source: RFC 9112 §7.1; bare line feeds are refused.
struct ChunkedExtent {
  private enum Place {
    case sizeStart, size, extensions, sizeEnd, data, dataEnd, dataLineFeed, trailerStart, trailer, trailerEnd,
      lastLineFeed
    case done
  }

  private static let maximumLine = 1_024
  private static let maximumTrailers = 8 * 1_024

  private let maximumBody: Int
  private var place = Place.sizeStart
  private var size = 0
  private var digits = 0
  private var line = 0
  private var trailers = 0
  private var total = 0

  init(maximumBody: Int) { self.maximumBody = maximumBody }

  var isDone: Bool { place == .done }

  /// - Returns: how many of the bytes belong to the body; fewer than all only when it is done.
  mutating func take(_ bytes: UnsafeRawBufferPointer) throws(RequestRefusal) -> Int {
    var index = 0
    while index < bytes.count, place != .done {
      if place == .data {
        let count = min(size, bytes.count - index)
        index += count
        size -= count
        if size == 0 { place = .dataEnd }
        continue
      }
      try take(bytes[index])
      index += 1
    }
    return index
  }

  private mutating func take(_ byte: UInt8) throws(RequestRefusal) {
    switch place {
    case .sizeStart, .size:
      if let digit = Self.digit(byte) {
        digits += 1
        size = size << 4 | digit
        guard digits <= 15 else { throw Self.broken }
        place = .size
      } else {
        guard place == .size else { throw Self.broken }
        line = 0
        if byte == 0x3B || byte == 0x20 || byte == 0x09 {
          place = .extensions
        } else {
          guard byte == 0x0D else { throw Self.broken }
          place = .sizeEnd
        }
      }
    case .extensions:
      line += 1
      if byte == 0x0D {
        place = .sizeEnd
      } else {
        guard line <= Self.maximumLine, (byte >= 0x20 && byte != 0x7F) || byte == 0x09 else { throw Self.broken }
      }
    case .sizeEnd:
      guard byte == 0x0A else { throw Self.broken }
      total += size
      guard total <= maximumBody else { throw RequestRefusal(413, "the body is larger than this server takes") }
      place = size == 0 ? .trailerStart : .data
      digits = 0
    case .data: break
    case .dataEnd:
      guard byte == 0x0D else { throw Self.broken }
      place = .dataLineFeed
    case .dataLineFeed:
      guard byte == 0x0A else { throw Self.broken }
      place = .sizeStart
    case .trailerStart, .trailer:
      trailers += 1
      guard trailers <= Self.maximumTrailers else { throw RequestRefusal(431, "the trailer is too long") }
      if byte == 0x0D {
        place = place == .trailerStart ? .lastLineFeed : .trailerEnd
      } else {
        guard (byte >= 0x20 && byte != 0x7F) || byte == 0x09 else { throw Self.broken }
        place = .trailer
      }
    case .trailerEnd:
      guard byte == 0x0A else { throw Self.broken }
      place = .trailerStart
    case .lastLineFeed:
      guard byte == 0x0A else { throw Self.broken }
      place = .done
    case .done: break
    }
  }

  private static let broken = RequestRefusal(400, "the body's chunks can't be read")

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte - 0x30)
    case 0x41...0x46: Int(byte - 0x41 + 10)
    case 0x61...0x66: Int(byte - 0x61 + 10)
    default: nil
    }
  }
}

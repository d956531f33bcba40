@testable import BenchEngine

/// A server's bytes: read the same whole as in pieces, never beyond what is there.
///
/// The input's first byte says whether it answers HEAD, its second how long the pieces are.
enum ResponseTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    guard input.count > 2 else { return }
    let isHead = input[0] & 1 == 1
    let bytes = UnsafeBufferPointer(rebasing: input[2...])
    let whole = read(bytes, pieces: max(bytes.count, 1), isHead)
    let split = read(bytes, pieces: Int(input[1]) % 64 + 1, isHead)
    require(whole.outcome == split.outcome, "whole \(whole), in pieces \(split)")
    guard whole.outcome != .malformed else { return }
    require(whole == split, "whole \(whole), in pieces \(split)")
    require(whole.body == whole.counted, "\(whole.counted) bytes reported of \(whole.body)")
  }

  private struct Reading: Equatable {
    var outcome = ResponseParser.Outcome.needsMore
    var status: Int32 = 0
    var body = 0
    /// Bytes that were reported piece by piece.
    var counted = 0
    var used = 0
    var keepsAlive = false
    var fields = 0
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>, pieces: Int, _ isHead: Bool) -> Reading {
    var parser = ResponseParser()
    defer { parser.deallocate() }
    parser.isHead = isHead
    parser.reportsBody = true
    parser.keepsHead = true
    var reading = Reading()
    var start = 0
    while start < bytes.count, reading.outcome == .needsMore {
      let piece = UnsafeBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)])
      var offset = 0
      repeat {
        let (outcome, next) = parser.advance(piece.span, from: offset)
        require(next >= offset && next <= piece.count, "from \(offset) of \(piece.count) to \(next)")
        require(outcome != .bodyPiece || next > offset, "a piece that uses nothing, at \(offset)")
        require(
          parser.pieceCount == 0 || parser.pieceStart + parser.pieceCount <= piece.count,
          "a piece of \(parser.pieceCount) at \(parser.pieceStart) in \(piece.count)")
        if outcome == .bodyPiece || outcome == .complete { reading.counted += parser.pieceCount }
        reading.outcome = outcome == .bodyPiece ? .needsMore : outcome
        offset = next
        guard outcome == .bodyPiece else { break }
      } while offset < piece.count
      start += reading.outcome == .complete ? offset : piece.count
    }
    reading.status = parser.status
    reading.body = parser.bodyBytes
    reading.used = start
    reading.keepsAlive = parser.keepsAlive
    if reading.outcome == .complete {
      let head = ResponseHead(bytes: parser.head)
      for name in ["set-cookie", "location", "content-encoding"] {
        reading.fields += head.values(of: Array(name.utf8)).count
      }
      _ = ContentCoding.decoded(bytes, head, limit: 1 << 16)
    }
    return reading
  }
}

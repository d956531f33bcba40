/// Takes a connection's bytes apart into requests, one at a time: what follows a request waits, unread, until that
/// request has been answered. Knows no socket.
struct RequestIntake {
  enum Action: Equatable {
    /// Nothing to do until more comes.
    case wait
    /// So many bytes at the front are of no request.
    case skip(Int)
    /// So many bytes at the front are a head.
    case passHead(Int)
    /// So many bytes at the front are of the body.
    case passBody(Int)
    /// The connection ends with this answer.
    case refuse(RequestRefusal)
  }

  private enum Place {
    /// - Parameter seen: bytes of it in which no end was found.
    case head(seen: Int)
    case length(Int)
    case chunks(ChunkedExtent)
    /// The request is complete.
    case complete
  }

  private let maximumBody: Int
  private var place = Place.head(seen: 0)
  private var skipped = 0
  /// Of the request that was read last.
  private(set) var head: RequestHead?

  init(maximumBody: Int) { self.maximumBody = maximumBody }

  /// A whole request was read, and the next one not begun.
  var isComplete: Bool { if case .complete = place { true } else { false } }

  /// A request's head is being read, or waited for.
  var isInHead: Bool { if case .head = place { true } else { false } }

  /// The complete request has been answered: the next one may come.
  mutating func next() {
    place = .head(seen: 0)
    skipped = 0
  }

  /// - Parameter bytes: all that has come and was not passed on or skipped.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Action {
    do throws(RequestRefusal) {
      switch place {
      case .complete: return .wait
      case .head(let seen): return try readHead(bytes, seen)
      case .length(let rest):
        let count = min(rest, bytes.count)
        guard count > 0 else { return .wait }
        place = count == rest ? .complete : .length(rest - count)
        return .passBody(count)
      case .chunks(var extent):
        guard !bytes.isEmpty else { return .wait }
        let count = try extent.take(bytes)
        place = extent.isDone ? .complete : .chunks(extent)
        return .passBody(count)
      }
    } catch {
      place = .complete
      return .refuse(error)
    }
  }

  private mutating func readHead(_ bytes: UnsafeRawBufferPointer, _ seen: Int) throws(RequestRefusal) -> Action {
    // Line ends that old clients send after a body. Source: RFC 9112 §2.2.
    if seen == 0, bytes.first == 0x0D {
      guard bytes.count >= 2 else { return .wait }
      guard bytes[1] == 0x0A else { throw RequestRefusal(400, "the request line is not METHOD TARGET HTTP/1.1") }
      skipped += 1
      guard skipped <= 4 else { throw RequestRefusal(400, "empty lines instead of a request") }
      return .skip(2)
    }
    guard let end = Self.end(of: bytes, from: max(0, seen - 3)) else {
      guard bytes.count <= RequestHead.maximumBytes else { throw RequestRefusal(431, "the header is too long") }
      place = .head(seen: bytes.count)
      return .wait
    }
    guard end <= RequestHead.maximumBytes else { throw RequestRefusal(431, "the header is too long") }
    let head = try RequestHead(UnsafeRawBufferPointer(rebasing: bytes[..<end]), maximumBody: maximumBody)
    self.head = head
    switch head.body {
    case .none: place = .complete
    case .length(let length): place = .length(length)
    case .chunked: place = .chunks(ChunkedExtent(maximumBody: maximumBody))
    }
    return .passHead(end)
  }

  /// The index after the first empty line; a line without its CR ends here too, to be refused.
  private static func end(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      guard let feed = bytes[index...].firstIndex(of: 0x0A) else { return nil }
      if feed + 1 < bytes.count, bytes[feed + 1] == 0x0A { return feed + 2 }
      if feed + 2 < bytes.count, bytes[feed + 1] == 0x0D, bytes[feed + 2] == 0x0A { return feed + 3 }
      index = feed + 1
    }
    return nil
  }
}

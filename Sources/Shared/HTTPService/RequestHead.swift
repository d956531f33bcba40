/// Why a request is answered before anybody looks at it.
struct RequestRefusal: Error, Equatable {
  var status: Int
  var reason: StaticString

  init(_ status: Int, _ reason: StaticString) {
    self.status = status
    self.reason = reason
  }

  static func == (left: RequestRefusal, right: RequestRefusal) -> Bool {
    left.status == right.status && left.reason.description == right.reason.description
  }
}

/// What a request's head says of the request's extent and of its connection. Read as strictly as RFC 9112 lets a server:
/// what two readers could take differently is refused.
struct RequestHead: Equatable {
  enum Body: Equatable {
    case none
    /// In bytes.
    case length(Int)
    case chunked
  }

  /// Where in the head's bytes stands what the front reads of it.
  struct Places: Equatable {
    /// Nil where the method is not GET.
    var target: Range<Int>?
    var origin: Range<Int>?
    var agent: Range<Int>?
    var number: Range<Int>?
    var condition: Range<Int>?
    var codings: Range<Int>?
    var forwardedFor: Range<Int>?
    var forwardedProtocol: Range<Int>?
  }

  /// Bytes of a head, of its longest line, of its target; fields.
  static let maximumBytes = 32 * 1_024
  private static let maximumLine = 16 * 1_024
  private static let maximumTarget = 8 * 1_024
  private static let maximumFields = 100

  var body = Body.none
  /// The connection ends after the answer.
  var closes = false
  var expectsContinue = false

  /// What the answer says of the connection; nil where that goes without saying. Source: RFC 9112 §9.3.
  var connectionWord: String? { closes ? "close" : isVersion10 ? "keep-alive" : nil }

  private(set) var places = Places()
  /// A field of these stands there more than once.
  private(set) var isRepeated = false
  private var isVersion10 = false
  private var hosts = 0
  private var lengths = 0
  private var codings = 0
  private var isChunked = false
  private var keepsAlive = false

  /// - Parameters:
  ///   - bytes: from the request line to the empty line, both included.
  ///   - maximumBody: in bytes.
  /// - Source: RFC 9112 §2.2, §3, §5.1, §5.2, §6.1–§6.3, §9.3; RFC 9110 §7.2, §10.1.1.
  init(_ bytes: UnsafeRawBufferPointer, maximumBody: Int) throws(RequestRefusal) {
    var rest = bytes[...]
    try takeRequestLine(try Self.line(&rest))
    var fields = 0
    while true {
      let line = try Self.line(&rest)
      if line.isEmpty { break }
      fields += 1
      guard fields <= Self.maximumFields else { throw RequestRefusal(431, "too many header fields") }
      try takeField(line)
    }
    try conclude(maximumBody)
  }

  private typealias Bytes = Slice<UnsafeRawBufferPointer>

  private static func line(_ rest: inout Bytes) throws(RequestRefusal) -> Bytes {
    guard let end = rest.firstIndex(of: 0x0A), end > rest.startIndex, rest[end - 1] == 0x0D else {
      throw RequestRefusal(400, "a line of the header does not end with CR LF")
    }
    let line = rest[rest.startIndex..<(end - 1)]
    rest = rest[(end + 1)...]
    guard line.count <= maximumLine else { throw RequestRefusal(431, "a header field is too long") }
    return line
  }

  private mutating func takeRequestLine(_ line: Bytes) throws(RequestRefusal) {
    guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last,
      first > line.startIndex, line[..<first].allSatisfy(Self.isTokenByte)
    else { throw RequestRefusal(400, "the request line is not METHOD TARGET HTTP/1.1") }
    let target = line[(first + 1)..<last]
    guard target.count <= Self.maximumTarget else { throw RequestRefusal(414, "the request's target is too long") }
    guard !target.isEmpty, target.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw RequestRefusal(400, "the request's target holds a blank or a control character")
    }
    if Self.isSame(line[..<first], "GET") { places.target = target.startIndex..<target.endIndex }
    // A tunnel: nothing that follows is a request.
    if Self.equals(line[..<first], "connect") { closes = true }
    let version = line[(last + 1)...]
    if Self.isSame(version, "HTTP/1.0") {
      isVersion10 = true
    } else if !Self.isSame(version, "HTTP/1.1") {
      throw RequestRefusal(400, "the request's version is neither HTTP/1.1 nor HTTP/1.0")
    }
  }

  private mutating func takeField(_ line: Bytes) throws(RequestRefusal) {
    guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex,
      line[..<colon].allSatisfy(Self.isTokenByte)
    else { throw RequestRefusal(400, "a header field has no name, or one that is none") }
    let value = Self.trimmed(line[(colon + 1)...])
    guard value.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
      throw RequestRefusal(400, "a header field holds a control character")
    }
    let name = line[..<colon]
    switch name.count {
    case 4 where Self.equals(name, "host"):
      hosts += 1
      guard value.allSatisfy(Self.isHostByte) else { throw RequestRefusal(400, "the Host is no host") }
    case 6 where Self.equals(name, "origin"): Self.note(value, in: &places.origin, &isRepeated)
    case 6 where Self.equals(name, "expect"):
      guard Self.equals(value, "100-continue") else { throw RequestRefusal(417, "only 100-continue can be expected") }
      expectsContinue = true
    case 7 where Self.equals(name, "upgrade"):
      // It is not taken up; whether what follows is HTTP, nobody can tell.
      closes = true
    case 10 where Self.equals(name, "connection"):
      for token in value.split(separator: 0x2C).map(Self.trimmed) {
        if Self.equals(token, "close") { closes = true }
        if Self.equals(token, "keep-alive") { keepsAlive = true }
      }
    case 10 where Self.equals(name, "user-agent"): Self.note(value, in: &places.agent, &isRepeated)
    case 12 where Self.equals(name, "x-request-id"): Self.note(value, in: &places.number, &isRepeated)
    case 13 where Self.equals(name, "if-none-match"): Self.note(value, in: &places.condition, &isRepeated)
    case 14 where Self.equals(name, "content-length"):
      lengths += 1
      guard lengths == 1, (1...18).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw RequestRefusal(400, "the Content-Length is not one number")
      }
      body = .length(value.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    case 15 where Self.equals(name, "accept-encoding"): Self.note(value, in: &places.codings, &isRepeated)
    case 15 where Self.equals(name, "x-forwarded-for"): Self.note(value, in: &places.forwardedFor, &isRepeated)
    case 17 where Self.equals(name, "transfer-encoding"):
      try takeCodings(value)
    case 17 where Self.equals(name, "x-forwarded-proto"): Self.note(value, in: &places.forwardedProtocol, &isRepeated)
    default: break
    }
  }

  private static func note(_ value: Bytes, in place: inout Range<Int>?, _ isRepeated: inout Bool) {
    if place != nil { isRepeated = true }
    place = value.startIndex..<value.endIndex
  }

  private mutating func takeCodings(_ value: Bytes) throws(RequestRefusal) {
    let tokens = value.split(separator: 0x2C, omittingEmptySubsequences: false).map(Self.trimmed)
    for token in tokens {
      codings += 1
      if isChunked { throw RequestRefusal(400, "chunked is not the last transfer coding") }
      guard !token.isEmpty else { throw RequestRefusal(400, "a transfer coding has no name") }
      guard Self.equals(token, "chunked") else { throw RequestRefusal(501, "the transfer coding is not known") }
      isChunked = true
    }
  }

  private mutating func conclude(_ maximumBody: Int) throws(RequestRefusal) {
    guard hosts <= 1, hosts == 1 || isVersion10 else { throw RequestRefusal(400, "one Host field was expected") }
    if codings > 0 {
      guard lengths == 0 else { throw RequestRefusal(400, "Transfer-Encoding and Content-Length exclude each other") }
      guard !isVersion10 else { throw RequestRefusal(400, "HTTP/1.0 has no Transfer-Encoding") }
      body = .chunked
    }
    if case .length(let length) = body, length > maximumBody {
      throw RequestRefusal(413, "the body is larger than this server takes")
    }
    if body == .length(0) { body = .none }
    if isVersion10 {
      // Interim answers are not known there.
      expectsContinue = false
      if !keepsAlive { closes = true }
    }
  }

  private static func trimmed(_ bytes: Bytes) -> Bytes {
    var bytes = bytes
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return bytes
  }

  private static func isSame(_ bytes: Bytes, _ text: StaticString) -> Bool {
    text.withUTF8Buffer { text in bytes.count == text.count && zip(bytes, text).allSatisfy { $0 == $1 } }
  }

  /// - Parameter text: lower case; the bytes' case doesn't matter.
  private static func equals(_ bytes: Bytes, _ text: StaticString) -> Bool {
    text.withUTF8Buffer { text in
      bytes.count == text.count
        && zip(bytes, text).allSatisfy { ((0x41...0x5A).contains($0) ? $0 | 0x20 : $0) == $1 }
    }
  }

  /// Source: RFC 9110 §5.6.2, `tchar`.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
    default: false
    }
  }

  /// Source: RFC 3986 §3.2.2, §3.2.3; an empty host is allowed, a list of hosts is not.
  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x2D, 0x2E, 0x5F, 0x7E, 0x25, 0x21, 0x24, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x3B, 0x3D, 0x3A, 0x5B, 0x5D:
      true
    default: false
    }
  }
}

/// What a virtual user knows: captured values, cookies, its row of each data file, and the request made of them.
///
/// In a closed model it is the user's for the whole run; in an open one every arrival begins with nothing.
struct UserState {
  var values: [[UInt8]?]
  /// Requests that the current loop has made.
  var rounds = 0
  /// By feed: the row's index.
  var rows: [Int]
  var cookies = CookieJar()
  /// The iteration's number, which random draws belong to.
  var ordinal: UInt64 = 0
  var draws: UInt64 = 0
  /// The current request; its memory stays for the next.
  private(set) var request: UnsafeMutablePointer<UInt8>?
  private(set) var requestCount = 0
  private var capacity = 0
  /// The request that was filled in last.
  private(set) var scratch: [UInt8] = []
  /// Of the current request: the cookies that its author wrote, without the jar's.
  private(set) var ownCookies: [UInt8] = []
  private let initial: [[UInt8]?]

  /// - Parameter initial: what slots hold before anything is captured.
  init(slots: Int, feeds: Int, initial: [Int: [UInt8]] = [:]) {
    self.initial = (0..<slots).map { initial[$0] }
    values = self.initial
    rows = Array(repeating: 0, count: feeds)
  }

  func deallocate() { request?.deallocate() }

  mutating func forget() {
    values = initial
    cookies = CookieJar()
  }

  mutating func beginIteration(_ ordinal: UInt64) {
    self.ordinal = ordinal
    draws = 0
    rounds = 0
  }

  /// Makes the request of a step, in `scratch`.
  mutating func fill(_ template: RequestTemplate, sendsCookies: Bool, feeds: [FeedPlan], seed: UInt64, run: UInt64) {
    scratch.removeAll(keepingCapacity: true)
    for part in template.body ?? [] { append(part, feeds, seed, run) }
    let body = scratch
    scratch.removeAll(keepingCapacity: true)
    for part in template.head { append(part, feeds, seed, run) }
    ownCookies = []
    if sendsCookies {
      ownCookies = CookieLine.take(from: &scratch)
      cookies.appendHeader(to: &scratch, with: ownCookies)
    }
    if template.body != nil { scratch += "Content-Length: \(body.count)\r\n".utf8 }
    scratch += [0x0D, 0x0A]
    scratch += body
  }

  /// A request that is there already, with the user's cookies.
  func completed(_ whole: [UInt8], sendsCookies: Bool, ownCookies: [UInt8]) -> [UInt8] {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard sendsCookies, let head = whole.firstRange(of: end) else { return whole }
    var bytes = Array(whole[..<(head.lowerBound + 2)])
    cookies.appendHeader(to: &bytes, with: ownCookies)
    return bytes + whole[(head.lowerBound + 2)...]
  }

  /// Makes these bytes the current request.
  mutating func store(_ bytes: [UInt8], ownCookies: [UInt8]) {
    self.ownCookies = ownCookies
    if bytes.count > capacity {
      request?.deallocate()
      capacity = bytes.count * 2
      request = .allocate(capacity: capacity)
    }
    requestCount = bytes.count
    bytes.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { request?.update(from: base, count: bytes.count) }
    }
  }

  private mutating func append(_ part: RequestPart, _ feeds: [FeedPlan], _ seed: UInt64, _ run: UInt64) {
    switch part {
    case .bytes(let bytes): scratch += bytes
    case .value(let source, let encoding):
      switch source {
      case .slot(let slot): encoding.append(values[slot] ?? [], to: &scratch)
      case .column(let feed, let column): encoding.append(feeds[feed].rows[rows[feed]][column], to: &scratch)
      case .randomInt(let range):
        let span = UInt64(range.upperBound - range.lowerBound) + 1
        let number = range.lowerBound + Int(draw(seed).multipliedFullWidth(by: span).high)
        encoding.append("\(number)".utf8, to: &scratch)
      case .uuid: appendUUID(draw(run), draw(run))
      }
    }
  }

  private mutating func draw(_ seed: UInt64) -> UInt64 {
    draws &+= 1
    return RandomDraw.bits(seed: seed ^ 0x7661_6C75_6500_0000, ordinal, draws)
  }

  /// Source: RFC 9562 §5.4.
  private mutating func appendUUID(_ high: UInt64, _ low: UInt64) {
    let high = high & ~0xF000 | 0x4000
    let low = low & ~(0b11 << 62) | 0b10 << 62
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { scratch.append(0x2D) }
      let word = index < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - index % 16 * 4)) & 15
      scratch.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}

/// The cookies of one user for the one host that is loaded. A cookie goes with every request until the service ends it
/// by `Max-Age=0` or an empty value; its path, domain and expiry date are not looked at.
struct CookieJar {
  /// More are forgotten, the oldest first.
  static let limit = 50

  private(set) var cookies: [(name: [UInt8], value: [UInt8])] = []

  subscript(name: [UInt8]) -> [UInt8]? { cookies.first { $0.name == name }?.value }

  /// Takes over one `Set-Cookie` value. Source: RFC 6265 §5.2.
  mutating func set(_ field: [UInt8]) {
    let parts = field.split(separator: 0x3B, omittingEmptySubsequences: false)
    guard let pair = parts.first, let equals = pair.firstIndex(of: 0x3D) else { return }
    let name = Self.trimmed(pair[..<equals])
    let value = Self.trimmed(pair[(equals + 1)...])
    guard !name.isEmpty, name.count + value.count <= 4_096 else { return }
    cookies.removeAll { $0.name == name }
    let isEnded = parts.dropFirst().contains { part in
      let text = String(decoding: Self.trimmed(part), as: UTF8.self).lowercased()
      return text.hasPrefix("max-age=") && (Int(text.dropFirst(8)) ?? 1) <= 0
    }
    if isEnded || value.isEmpty { return }
    if cookies.count == Self.limit { cookies.removeFirst() }
    cookies.append((name, value))
  }

  /// One line with the jar's cookies and the author's own, which stand before and instead of the jar's of their names.
  ///
  /// Source: RFC 6265 §5.4: a user agent attaches no more than one Cookie field.
  func appendHeader(to bytes: inout [UInt8], with own: [UInt8] = []) {
    let names = own.isEmpty ? [] : CookieLine.names(in: own)
    let others = names.isEmpty ? cookies : cookies.filter { !names.contains($0.name) }
    guard !others.isEmpty || !own.isEmpty else { return }
    bytes += "Cookie: ".utf8
    bytes += own
    for (index, cookie) in others.enumerated() {
      if index > 0 || !own.isEmpty { bytes += [0x3B, 0x20] }
      ValueEncoding.header.append(cookie.name, to: &bytes)
      bytes.append(0x3D)
      ValueEncoding.header.append(cookie.value, to: &bytes)
    }
    bytes += [0x0D, 0x0A]
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes.drop { $0 == 0x20 || $0 == 0x09 }
    while bytes.last == 0x20 || bytes.last == 0x09 { bytes.removeLast() }
    return Array(bytes)
  }
}

import Instants

/// The common log format's family: a time in brackets, a request in quotes.
extension LogLine {
  /// `203.0.113.9 - - [25/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "agent"` with what servers put before
  /// and behind, `[time] address: "GET / HTTP/1.1"` and `[time] "GET / HTTP/1.1" 200 512`.
  /// - Source: Apache HTTP Server 2.4, `mod_log_config`, “Common”, “Combined”, `vhost_combined`; nginx,
  ///   `ngx_http_log_module`, `combined`.
  static func bracketed(_ line: LogBytes) -> LogEntry? {
    guard let quote = line.firstIndex(of: UInt8(ascii: "\"")),
      let close = LogToken.closingQuote(line, from: quote + 1),
      let path = RequestText.target(line[(quote + 1)..<close]), let (time, open, end) = bracket(line[..<quote])
    else { return nil }
    var entry = LogEntry()
    entry.time = time
    entry.path = path
    let front = line[line.startIndex..<open]
    let head = front.words
    let between = line[end..<quote].words
    let isHeadless = head.isEmpty
    if isHeadless {
      guard let client = leading(between) else { return nil }
      entry.client = client
    } else {
      guard between.isEmpty, let client = client(head, in: front) else { return nil }
      entry.client = client
    }
    // Of nobody only a plain answer is told (Django's server); more is another form, with the client behind.
    if isHeadless, between.isEmpty, line[(close + 1)...].words.count > 2 { return nil }
    guard behind(line[(close + 1)...], into: &entry, isStatusNeeded: !isHeadless || between.isEmpty) else { return nil }
    return entry
  }

  /// The first brackets with a time, and nothing else, in them.
  private static func bracket(_ head: LogBytes) -> (Instant, open: Int, end: Int)? {
    var from = head.startIndex
    while let open = head.index(of: UInt8(ascii: "["), from: from) {
      var reader = InstantReader(head)
      reader.index = open + 1
      if let time = reader.common() ?? reader.iso() ?? reader.ctime(), reader.take(UInt8(ascii: "]")) {
        return (time, open, reader.index)
      }
      from = open + 1
    }
    return nil
  }

  /// Who stands before the brackets. Nil where that isn't plain: `address identity user`, the user with blanks in it or
  /// left out, a server's name or a list of forwarded addresses before.
  private static func client(_ words: [LogBytes], in front: LogBytes) -> LogBytes? {
    let nobody = LogBytes()
    // The first address that a dash follows: what a user calls himself can't stand before it.
    let place =
      words.indices.dropLast().first { words[$0 + 1].isDash && ClientAddress.parse(words[$0]) != nil }
      ?? (words.count == 3 && isIdentity(words[1]) && ClientAddress.parse(words[0]) != nil ? 0 : nil)
    guard let place, let address = ClientAddress.parse(words[place]) else {
      guard words.count == 3 || words.count == 4, words[words.count - 2].isDash else { return nil }
      if words.count == 4 {
        guard isServer(words[0]), words[0].contains(UInt8(ascii: ":")) else { return nil }
      }
      let name = words[words.count - 3]
      // A socket of this machine, or nothing: no client, and nothing that could be taken for one.
      if name.equals("unix:") || name.isDash { return nobody }
      return ClientAddress.isHostName(name) ? name : nil
    }
    let before = words[..<place]
    switch before.count {
    case 0: return address
    case 1 where before[0].isDash || isServer(before[0]): return address
    case 1 where ClientAddress.parse(before[0]) != nil && ClientAddress.hasPort(before[0]): return address
    default: break
    }
    // Forwarded addresses in front: `203.0.113.9, 10.0.0.4 10.0.0.5 - -`.
    let list = before.dropLast().allSatisfy { $0.last == UInt8(ascii: ",") } && before.last?.last != UInt8(ascii: ",")
    guard list, let first = before.first, let last = before.last,
      case .visitor(let visitor) = ClientAddress.chain(front[first.startIndex..<last.endIndex])
    else { return nil }
    // Of two bare addresses the public one is the visitor's; of two alike nobody can tell.
    guard before.count > 1 || ClientAddress.isPrivate(visitor) != ClientAddress.isPrivate(address) else { return nil }
    return ClientAddress.isPrivate(visitor) && !ClientAddress.isPrivate(address) ? address : visitor
  }

  /// What identd says, or lighttpd's server name.
  private static func isIdentity(_ word: LogBytes) -> Bool {
    guard let first = word.first, first.isLetter else { return false }
    return word.allSatisfy { $0.isLetter || $0.isDigit || "._-:".utf8.contains($0) } && ClientAddress.parse(word) == nil
  }

  /// `www.example.com:443`, `www.example.com`, `localhost`.
  private static func isServer(_ word: LogBytes) -> Bool {
    guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else { return ClientAddress.isHostName(word) }
    let name = word[..<colon]
    return word[(colon + 1)...].integer != nil
      && (ClientAddress.isHostName(name) || name.equals("_")
        || name.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x5F })
      && !name.isEmpty
  }

  /// Who stands between the time and the request: `address:`, `address TLSv1.3 cipher`, `address - -`; nobody where
  /// nothing does.
  private static func leading(_ words: [LogBytes]) -> LogBytes? {
    guard let first = words.first else { return [] }
    guard words.count <= 3 else { return nil }
    let bare =
      first.last == UInt8(ascii: ":") && ClientAddress.parse(first) == nil ? first.dropLast() : first
    guard let address = ClientAddress.parse(bare), words.dropFirst().allSatisfy({ ClientAddress.parse($0) == nil })
    else { return nil }
    return address
  }

  /// Status, size, referer, User-Agent and a visitor's forwarded address behind a request.
  static func behind(_ rest: LogBytes, into entry: inout LogEntry, isStatusNeeded: Bool) -> Bool {
    guard rest.isEmpty || rest.first?.isBlank == true, let tokens = LogToken.all(rest) else { return false }
    var index = 0
    if case .word(let word)? = tokens.first, let status = RequestText.status(word) {
      entry.status = status
      index = 1
      if case .word(let word)? = tokens.dropFirst().first, word.isDash || word.integer != nil {
        // Apache writes a dash where no bytes were sent.
        entry.bytes = word.isDash ? 0 : word.integer
        index = 2
      }
    } else if isStatusNeeded {
      guard case .word(let word)? = tokens.first, word.isDash || word.equals("000") else { return false }
      index = 1
    }
    // A duration may stand before the texts.
    while index < tokens.count, case .word(let word) = tokens[index], isNumber(word) || word.isDash { index += 1 }
    var texts: [LogBytes] = []
    while index < tokens.count, case .quoted(let text) = tokens[index] {
      texts.append(text)
      index += 1
    }
    // Texts behind something else would be skipped: another form, or a damaged line.
    let isSkipped = texts.isEmpty && tokens[index...].contains { if case .quoted = $0 { true } else { false } }
    guard !isSkipped, read(texts, into: &entry) else { return false }
    // Behind a proxy, an address among the rest may be the visitor's that damage moved there.
    return !ClientAddress.isPrivate(entry.client)
      || !tokens[index...].contains {
        switch $0 {
        case .word(let word), .quoted(let word): word.words.contains(where: isStrayAddress)
        case .pair: false
        }
      }
  }

  /// After the referer comes the User-Agent, after it `$http_x_forwarded_for` where an address alone stands there; one
  /// text alone is the User-Agent unless it is a link.
  private static func read(_ texts: [LogBytes], into entry: inout LogEntry) -> Bool {
    guard let agent = texts.prefix(2).last else { return true }
    // An address where the User-Agent should be: texts are missing, or other ones.
    if case .visitor = ClientAddress.chain(agent) { return false }
    if texts.count < 3, ClientAddress.isPrivate(entry.client) {
      guard !isDamagedAddress(agent), !agent.words.contains(where: isStrayAddress) else { return false }
    }
    let isLink = texts.count == 1 && agent.index(of: "://").map { $0 - agent.startIndex < 16 } ?? false
    if !agent.isDash, !isLink { entry.agent = agent.unquoted }
    let later = texts.dropFirst(2)
    guard let next = later.first else { return true }
    switch ClientAddress.chain(next) {
    case .absent: return true
    case .visitor(let visitor):
      // With a port it is rather the upstream's address than the visitor's.
      if ClientAddress.hasPort(next), !next.contains(UInt8(ascii: ",")) {
        return !ClientAddress.isPrivate(entry.client) || ClientAddress.isPrivate(visitor)
      }
      if ClientAddress.isPrivate(entry.client) || !ClientAddress.isPrivate(visitor) { entry.client = visitor }
      return true
    case .malformed:
      if isDamagedAddress(next) { return false }
    }
    // A visitor's address further behind, and a proxy's in front: which text is which isn't plain.
    return !ClientAddress.isPrivate(entry.client)
      || !later.dropFirst().contains { text in
        guard case .visitor(let visitor) = ClientAddress.chain(text) else { return false }
        return !ClientAddress.isPrivate(visitor)
      }
  }

  static func isNumber(_ word: LogBytes) -> Bool {
    guard let first = word.first, first.isDigit || first == UInt8(ascii: ".") else { return false }
    return word.count(where: { $0 == UInt8(ascii: ".") }) <= 1
      && word.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
  }

  /// A public address, or digits that ran into one: `Firefox/120.0203.0.113.8`. Versions have three dots at most.
  static func isStrayAddress(_ word: LogBytes) -> Bool {
    var word = word
    while word.last == UInt8(ascii: ",") { word = word.dropLast() }
    if let slash = word.lastIndex(of: UInt8(ascii: "/")) {
      word = word[(slash + 1)...]
      let groups = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      let isLong = groups.count > 4 || (groups.count == 4 && groups[0].count > 3)
      return word.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") } ? isLong : isDamagedAddress(word)
    }
    if let address = ClientAddress.parse(word) {
      return !ClientAddress.isPrivate(address) && !ClientAddress.hasPort(word)
    }
    return !isNumber(word) && !ClientAddress.hasPort(word) && isDamagedAddress(word)
  }

  /// Mostly an address, but none: times such as `0.012, 0.003` are numbers.
  static func isDamagedAddress(_ text: LogBytes) -> Bool {
    let parts = text.split { $0 == UInt8(ascii: ",") || $0.isBlank }
    if parts.allSatisfy({ isNumber($0) || $0.isDash }) { return false }
    let near = text.count { $0.isDigit || (0x61...0x66).contains($0.lowered) || ".:, ".utf8.contains($0) }
    let marks = text.count { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
    return text.count >= 5 && marks >= 2 && near * 4 >= text.count * 3
  }
}

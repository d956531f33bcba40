import Instants

/// A form of log lines, written in nginx's or Apache's own notation.
///
/// A line is read as a whole: each field has to be of its kind, and what stands between has to be as it is written.
package struct LogForm: Sendable, Equatable {
  /// As it was written.
  package let notation: String
  var pieces: [Piece]
  /// Whether the client may be a pseudonym of an address: where somebody said which field it is.
  var takesPseudonyms = true

  enum Piece: Sendable, Equatable {
    case literal([UInt8])
    /// One blank or more.
    case blank
    case field(Field)
  }

  enum Field: Sendable, Equatable {
    case client
    /// `X-Forwarded-For` and its like.
    case chain
    case timeCommon, timeISO, timeEpoch, timeBracketed, timeC, timeDashed
    case timePattern([UInt8])
    case request, method, target, status, size, agent, id
    /// Up to what follows, which may be several words.
    case text
    /// One word.
    case skip
  }

  /// Nil for a line that doesn't fit.
  package func read(_ line: LogBytes) -> LogEntry? {
    var match = LogFormMatch(pieces: pieces, line: line.trimmed, takesPseudonyms: takesPseudonyms)
    return match.entry()
  }

  var namesTime: Bool {
    pieces.contains {
      switch $0 {
      case .field(.timeCommon), .field(.timeISO), .field(.timeEpoch), .field(.timeBracketed), .field(.timeC),
        .field(.timeDashed), .field(.timePattern):
        true
      default: false
      }
    }
  }

  var namesRequest: Bool { pieces.contains(.field(.request)) || pieces.contains(.field(.target)) }
  var namesClient: Bool { pieces.contains(.field(.client)) || pieces.contains(.field(.chain)) }
}

/// One line held against a form.
struct LogFormMatch {
  let pieces: [LogForm.Piece]
  let line: LogBytes
  private let takesPseudonyms: Bool
  private var result = LogEntry()
  private var direct: LogBytes?
  private var forwarded: ClientAddress.Chain = .absent
  private var day: Int?
  private var clock: (seconds: Int, fraction: Double)?
  private var zone: Int?
  private var steps = 0

  init(pieces: [LogForm.Piece], line: LogBytes, takesPseudonyms: Bool) {
    self.pieces = pieces
    self.takesPseudonyms = takesPseudonyms
    self.line = line
    result.form = .template
  }

  mutating func entry() -> LogEntry? {
    guard match(0, line.startIndex) else { return nil }
    switch forwarded {
    case .visitor(let visitor): result.client = visitor
    case .absent: result.client = direct ?? []
    case .malformed: return nil
    }
    if result.time == nil, let day, let clock {
      result.time = Instant(
        seconds: Int64(day * 86_400 + clock.seconds - (zone ?? 0)), fraction: clock.fraction, zoneOffset: zone)
    }
    return result.path.isEmpty ? nil : result
  }

  /// Tries few ends of a field only; the steps are bounded.
  private mutating func match(_ piece: Int, _ start: Int) -> Bool {
    steps += 1
    guard steps < 2_000 else { return false }
    guard piece < pieces.count else { return start == line.endIndex }
    switch pieces[piece] {
    case .literal(let text):
      guard line[start...].starts(with: text) else { return false }
      return match(piece + 1, start + text.count)
    case .blank:
      var index = start
      while index < line.endIndex, line[index].isBlank { index += 1 }
      return index > start && match(piece + 1, index)
    case .field(let field):
      if let end = time(field, start) { return match(piece + 1, end) }
      switch field {
      case .timeCommon, .timeISO, .timeEpoch, .timeBracketed, .timeC, .timeDashed, .timePattern: return false
      default: break
      }
      let saved = self
      for end in ends(of: field, piece, start) {
        if take(field, line[start..<end]), match(piece + 1, end) { return true }
        let used = steps
        self = saved
        steps = used
      }
      return false
    }
  }

  /// Where a field may end: where what follows it begins; the first place but for texts.
  private func ends(of field: LogForm.Field, _ piece: Int, _ start: Int) -> [Int] {
    let isQuoted =
      if piece > 0, case .literal(let before) = pieces[piece - 1] { before.last == UInt8(ascii: "\"") } else { false }
    guard piece + 1 < pieces.count else {
      // The last takes what is left; a word of its kind doesn't hold blanks.
      return [line.endIndex]
    }
    switch pieces[piece + 1] {
    case .blank:
      if field == .chain { return chainEnd(start).map { [$0] } ?? [] }
      if field == .text {
        var found: [Int] = []
        var index = start
        while index < line.endIndex, found.count < 8 {
          if line[index].isBlank { found.append(index) }
          index += 1
        }
        return found
      }
      return line.index(ofBlankFrom: start).map { [$0] } ?? []
    case .literal(let text):
      if isQuoted, text.first == UInt8(ascii: "\"") {
        return LogToken.closingQuote(line, from: start).map { [$0] } ?? []
      }
      // Colons stand within addresses too: of those of a word the last is meant.
      if field == .client, text == [UInt8(ascii: ":")] {
        let word = line[start..<(line.index(ofBlankFrom: start) ?? line.endIndex)]
        return word.lastIndex(of: text[0]).map { [$0] } ?? []
      }
      var found: [Int] = []
      var index = start
      let most = field == .text || field == .agent || field == .request || field == .target ? 16 : 1
      while index + text.count <= line.endIndex, found.count < most {
        if line[index] == text[0], line[index...].starts(with: text) { found.append(index) }
        index += 1
      }
      return found
    case .field: return []
    }
  }

  /// `203.0.113.9, 10.0.0.4`: words with commas between.
  private func chainEnd(_ start: Int) -> Int? {
    var index = start
    while let blank = line.index(ofBlankFrom: index) {
      guard blank > start, line[blank - 1] == UInt8(ascii: ",") else { return blank }
      index = blank + 1
    }
    return nil
  }

  private mutating func take(_ field: LogForm.Field, _ text: LogBytes) -> Bool {
    switch field {
    case .client:
      if text.isDash || text.equals("unix:") { return true }
      if let address = ClientAddress.parse(text) {
        direct = direct ?? address
      } else {
        guard ClientAddress.isHostName(text) || (takesPseudonyms && ClientAddress.isPseudonym(text)) else {
          return false
        }
        direct = direct ?? text
      }
    case .chain:
      let chain = ClientAddress.chain(text)
      if chain == .malformed { return false }
      if forwarded == .absent { forwarded = chain }
    case .request:
      guard let target = RequestText.target(text) else { return false }
      result.path = target
    case .method: return RequestText.isMethod(text)
    case .target:
      guard RequestText.isTarget(text), !text.contains(where: \.isBlank) else { return false }
      if result.path.isEmpty { result.path = text }
    case .status:
      guard text.isDash || text.integer != nil else { return false }
      result.status = result.status ?? RequestText.status(text)
    case .size:
      guard text.isDash || text.integer != nil else { return false }
      result.bytes = result.bytes ?? (text.isDash ? 0 : text.integer)
    case .agent: if !text.isDash { result.agent = text.unquoted }
    case .id: if !text.isDash { result.id = text }
    case .text, .skip: break
    case .timeCommon, .timeISO, .timeEpoch, .timeBracketed, .timeC, .timeDashed, .timePattern: return false
    }
    return true
  }

  /// Where a time ends that begins at `start`; nil for no time.
  private mutating func time(_ field: LogForm.Field, _ start: Int) -> Int? {
    var reader = InstantReader(line)
    reader.index = start
    let time: Instant?
    switch field {
    case .timeCommon: time = reader.common()
    case .timeISO: time = reader.iso()
    case .timeEpoch: time = reader.epoch()
    case .timeC: time = reader.ctime()
    case .timeDashed: time = reader.dashed()
    case .timeBracketed:
      guard reader.take(UInt8(ascii: "[")), let inner = reader.common(), reader.take(UInt8(ascii: "]")) else {
        return nil
      }
      time = inner
    case .timePattern(let pattern): return take(pattern, &reader) ? reader.index : nil
    default: return nil
    }
    guard let time else { return nil }
    result.time = result.time ?? time
    return reader.index
  }

  /// Parts of a time by strftime's letters.
  /// - Source: POSIX.1-2017, `strftime`; Apache adds `sec`, `msec`, `usec` and their fractions.
  private mutating func take(_ pattern: [UInt8], _ reader: inout InstantReader) -> Bool {
    var (year, month, date) = (0, 0, 0)
    var (hour, minute, second) = (-1, 0, 0)
    var fraction = 0.0
    var index = 0
    while index < pattern.count {
      let byte = pattern[index]
      guard byte == UInt8(ascii: "%"), index + 1 < pattern.count else {
        guard reader.take(byte) else { return false }
        index += 1
        continue
      }
      let letter = pattern[index + 1]
      index += 2
      let isRead: Bool
      switch letter {
      case UInt8(ascii: "Y"): isRead = Self.set(&year, reader.digits(4))
      case UInt8(ascii: "m"): isRead = Self.set(&month, reader.digits(2))
      case UInt8(ascii: "d"): isRead = Self.set(&date, reader.digits(2))
      case UInt8(ascii: "e"): isRead = Self.set(&date, reader.paddedDay())
      case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "h"): isRead = Self.set(&month, reader.monthName())
      case UInt8(ascii: "H"): isRead = Self.set(&hour, reader.digits(2))
      case UInt8(ascii: "M"): isRead = Self.set(&minute, reader.digits(2))
      case UInt8(ascii: "S"): isRead = Self.set(&second, reader.digits(2))
      case UInt8(ascii: "z"):
        zone = reader.zone()
        isRead = zone != nil
      case UInt8(ascii: "F"):
        isRead =
          Self.set(&year, reader.digits(4)) && reader.take(UInt8(ascii: "-")) && Self.set(&month, reader.digits(2))
          && reader.take(UInt8(ascii: "-")) && Self.set(&date, reader.digits(2))
      case UInt8(ascii: "T"):
        isRead =
          Self.set(&hour, reader.digits(2)) && reader.take(UInt8(ascii: ":")) && Self.set(&minute, reader.digits(2))
          && reader.take(UInt8(ascii: ":")) && Self.set(&second, reader.digits(2))
      case UInt8(ascii: "f"):
        isRead = reader.digits(3) != nil || reader.digits(1) != nil
      case UInt8(ascii: "%"): isRead = reader.take(UInt8(ascii: "%"))
      default: isRead = false
      }
      guard isRead else { return false }
    }
    if year > 0 {
      guard (2_000...2_099).contains(year), let days = CivilDay.checked(year: year, month: month, day: date) else {
        return false
      }
      day = days
    }
    if hour >= 0 {
      guard hour < 24, minute < 60, second <= 60 else { return false }
      fraction = reader.fraction() ?? 0
      clock = (hour * 3_600 + minute * 60 + min(59, second), fraction)
    }
    return true
  }

  private static func set(_ value: inout Int, _ read: Int?) -> Bool {
    guard let read else { return false }
    value = read
    return true
  }
}

extension LogBytes {
  func index(ofBlankFrom start: Int) -> Int? {
    var index = start
    while index < endIndex {
      if self[index].isBlank { return index }
      index += 1
    }
    return nil
  }
}

/// What stands behind a request, piece by piece.
enum LogToken: Equatable {
  case word(LogBytes)
  /// Without its quotes.
  case quoted(LogBytes)
  /// `rt=0.012`, `ua="10.0.0.1:80"`.
  case pair(key: LogBytes, value: LogBytes)

  /// Nil where a quote is not closed, or stands within a word: the line is cut or of another form.
  static func all(_ bytes: LogBytes) -> [LogToken]? {
    var tokens: [LogToken] = []
    var index = bytes.startIndex
    while true {
      while index < bytes.endIndex, bytes[index].isBlank { index += 1 }
      guard index < bytes.endIndex else { return tokens }
      guard tokens.count < 64 else { return nil }
      if bytes[index] == UInt8(ascii: "\"") {
        guard let close = closingQuote(bytes, from: index + 1) else { return nil }
        tokens.append(.quoted(bytes[(index + 1)..<close]))
        index = close + 1
        guard index == bytes.endIndex || bytes[index].isBlank || bytes[index] == UInt8(ascii: ",") else { return nil }
        continue
      }
      let start = index
      while index < bytes.endIndex, !bytes[index].isBlank, bytes[index] != UInt8(ascii: "\"") { index += 1 }
      let word = bytes[start..<index]
      if index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") {
        guard word.count >= 2, word.last == UInt8(ascii: "="), isKey(word.dropLast()),
          let close = closingQuote(bytes, from: index + 1)
        else {
          return nil
        }
        tokens.append(.pair(key: word.dropLast(), value: bytes[(index + 1)..<close]))
        index = close + 1
        guard index == bytes.endIndex || bytes[index].isBlank else { return nil }
      } else if let equal = word.firstIndex(of: UInt8(ascii: "=")), isKey(word[..<equal]) {
        tokens.append(.pair(key: word[..<equal], value: word[(equal + 1)...]))
      } else {
        tokens.append(.word(word))
      }
    }
  }

  private static func isKey(_ word: LogBytes) -> Bool {
    word.first?.isLetter == true && word.allSatisfy { $0.isLetter || $0.isDigit || "._-".utf8.contains($0) }
  }

  /// The first quote that no backslash stands before.
  static func closingQuote(_ bytes: LogBytes, from start: Int) -> Int? {
    var index = start
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "\\") { index += 1 } else if bytes[index] == UInt8(ascii: "\"") { return index }
      index += 1
    }
    return nil
  }
}

/// Words by the shell's rules: quotes, `$'…'`, backslashes, lines that go on, comments.
enum ShellWords {
  /// The words of each command; a line, or a part between `;`, is one.
  static func commands(in text: String) throws(ImportError) -> [[String]] {
    var commands: [[String]] = [[]]
    var word: String?
    var characters = Array(text.replacing("\r\n", with: "\n"))[...]
    func endWord() {
      if let word { commands[commands.count - 1].append(word) }
      word = nil
    }
    while let character = characters.popFirst() {
      switch character {
      case "\n", ";":
        endWord()
        commands.append([])
      case " ", "\t": endWord()
      case "#" where word == nil: while let next = characters.first, next != "\n" { characters.removeFirst() }
      case "\\":
        guard let next = characters.popFirst() else { break }
        if next != "\n" { word = (word ?? "") + String(next) }
      case "'":
        word = (word ?? "") + (try quoted(&characters, until: "'", escapes: []))
      case "\"":
        word = (word ?? "") + (try quoted(&characters, until: "\"", escapes: ["\"", "\\", "$", "`"]))
      case "$" where characters.first == "'":
        characters.removeFirst()
        word = (word ?? "") + (try ansiQuoted(&characters))
      default: word = (word ?? "") + String(character)
      }
    }
    endWord()
    return commands
  }

  private static func quoted(
    _ characters: inout ArraySlice<Character>, until end: Character, escapes: Set<Character>
  ) throws(ImportError) -> String {
    var text = ""
    while let character = characters.popFirst() {
      if character == end { return text }
      if character == "\\", let next = characters.first, escapes.contains(next) {
        text.append(next)
        characters.removeFirst()
      } else {
        text.append(character)
      }
    }
    throw ImportError("a quote \(end) that doesn't end")
  }

  private static func ansiQuoted(_ characters: inout ArraySlice<Character>) throws(ImportError) -> String {
    let plain: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "'": "'", "\"": "\"", "\\": "\\", "!": "!"]
    var text = ""
    while let character = characters.popFirst() {
      if character == "'" { return text }
      guard character == "\\", let next = characters.popFirst() else {
        text.append(character)
        continue
      }
      if let known = plain[next] {
        text.append(known)
      } else if next == "u" || next == "x" {
        text.unicodeScalars.append(try escaped(next, &characters))
      } else {
        throw ImportError("the escape \\\(next) is not known here")
      }
    }
    throw ImportError("a quote $' that doesn't end")
  }

  /// The scalar of `\xNN` or `\uNNNN`; browsers write those beyond the first plane as two.
  private static func escaped(
    _ kind: Character, _ characters: inout ArraySlice<Character>
  ) throws(ImportError) -> Unicode.Scalar {
    func digits() throws(ImportError) -> UInt32 {
      let digits = characters.prefix(kind == "u" ? 4 : 2).prefix { $0.isHexDigit }
      guard let number = UInt32(String(digits), radix: 16) else {
        throw ImportError("the escape \\\(kind) without its digits")
      }
      characters = characters.dropFirst(digits.count)
      return number
    }
    var number = try digits()
    if 0xD800..<0xDC00 ~= number, characters.starts(with: ["\\", "u"]) {
      characters = characters.dropFirst(2)
      number = 0x10000 + (number - 0xD800) << 10 + (try digits() &- 0xDC00)
    }
    guard let scalar = Unicode.Scalar(number) else { throw ImportError("the escape \\\(kind) is half a character") }
    return scalar
  }
}

import Documents

/// Words by the POSIX shell's and bash's rules: quotes, `$'…'`, `$NAME`, backslashes, here-documents, comments.
///
/// Source: POSIX.1-2024, Shell Command Language §2; the bash manual's ANSI-C quoting.
struct ShellWords {
  private enum Token {
    case word(String)
    case symbol(String)
    case line
  }

  private var characters: ArraySlice<Character>
  private var word: String?
  /// The whole of the word was digits without quotes, as in `2>`.
  private var isBare = true
  private var tokens: [Token] = []

  static func commands(in text: String) throws(ImportError) -> [ShellCommand] {
    var reader = ShellWords(characters: Array(text)[...])
    try reader.read()
    return try reader.commands()
  }

  private init(characters: ArraySlice<Character>) { self.characters = characters }

  // MARK: Commands

  private mutating func commands() throws(ImportError) -> [ShellCommand] {
    var commands: [ShellCommand] = [ShellCommand()]
    var rest = tokens[...]
    while let token = rest.popFirst() {
      switch token {
      case .word(let text):
        if text == "^" || text == "`" { throw ShellCommand.refused(text) }
        commands[commands.count - 1].words.append(text)
      case .line, .symbol(";"), .symbol("&&"): commands.append(ShellCommand())
      case .symbol("|"), .symbol("|&"):
        var operands: [String] = []
        loop: while let next = rest.first {
          switch next {
          case .line, .symbol(";"), .symbol("&&"): break loop
          case .word(let text): operands.append(text)
          case .symbol(let text): operands.append(text)
          }
          rest.removeFirst()
        }
        try commands[commands.count - 1].ignore("|", operands)
      case .symbol(let symbol) where symbol.hasPrefix("<<"):
        // The reader has put the text in the place of the word.
        guard case .word(let text)? = rest.popFirst() else { throw ShellCommand.refused(symbol) }
        commands[commands.count - 1].input = text
      case .symbol(let symbol) where symbol.contains(">"):
        guard case .word(let text)? = rest.popFirst() else { throw ShellCommand.refused(symbol) }
        try commands[commands.count - 1].ignore(symbol, [text])
      case .symbol(let symbol): throw ShellCommand.refused(symbol)
      }
    }
    return commands.filter { !$0.isEmpty }
  }

  // MARK: Tokens

  private mutating func endWord() {
    if let word { tokens.append(.word(word)) }
    word = nil
    isBare = true
  }

  private mutating func append(_ text: String, isBare: Bool = false) {
    word = (word ?? "") + text
    self.isBare = self.isBare && isBare
  }

  private mutating func read() throws(ImportError) {
    /// Where the texts of here-documents go, whose lines come after this one.
    var documents: [(token: Int, end: String, isQuoted: Bool, stripsTabs: Bool)] = []
    while let character = characters.popFirst() {
      switch character {
      case "\n":
        endWord()
        for document in documents { tokens[document.token] = .word(try self.document(document)) }
        documents = []
        tokens.append(.line)
      case " ", "\t": endWord()
      case "#" where word == nil: while let next = characters.first, next != "\n" { characters.removeFirst() }
      case "\\":
        guard let next = characters.popFirst() else { break }
        if next != "\n" { append(String(next)) }
      case "'": append(try quoted())
      case "\"": append(try doubleQuoted(until: "\""))
      case "`": throw ImportError("a command between ` signs: write what it gives")
      case "$": append(try dollar(isQuoted: false))
      case "{":
        let inside = characters.prefix { $0 != "}" && !$0.isWhitespace }
        if characters.dropFirst(inside.count).first == "}",
          String(inside).contains(",") || String(inside).contains("..")
        {
          throw ImportError("'{\(String(inside).excerpt)}' outside quotes: the shell makes several words of it")
        }
        append("{")
      case ";", "|", "&", "<", ">", "(", ")":
        let symbol = symbol(from: character)
        if symbol.hasPrefix("<<"), symbol != "<<<" {
          endWord()
          tokens.append(.symbol("<<"))
          documents.append(try documentEnd(stripsTabs: symbol == "<<-"))
        } else {
          endWord()
          tokens.append(.symbol(symbol))
          if symbol == "<<<" { try hereString() }
        }
      default: append(String(character), isBare: character.isASCII && character.isNumber)
      }
    }
    endWord()
    guard documents.isEmpty else { throw ImportError("a here-document ('<<') without its lines") }
  }

  /// The longest operator that begins here, with the number of a descriptor before it.
  private mutating func symbol(from first: Character) -> String {
    var symbol = String(first)
    let known = [
      "||", "|&", "&&", "&>", "&>>", "<<", "<<-", "<<<", "<&", "<>", ">>", ">&", ">|", ";;",
    ]
    while let next = characters.first, known.contains(symbol + String(next)) {
      symbol.append(next)
      characters.removeFirst()
    }
    if first == ">" || first == "<", let number = word, isBare {
      word = nil
      symbol = number + symbol
    }
    return symbol
  }

  // MARK: Here-documents

  private mutating func documentEnd(
    stripsTabs: Bool
  ) throws(ImportError) -> (token: Int, end: String, isQuoted: Bool, stripsTabs: Bool) {
    while characters.first == " " || characters.first == "\t" { characters.removeFirst() }
    let text = String(characters.prefix { !$0.isWhitespace && !";|&<>".contains($0) })
    characters = characters.dropFirst(text.count)
    guard !text.isEmpty else { throw ShellCommand.refused("<<") }
    tokens.append(.word(""))
    let isQuoted = text.contains { "'\"\\".contains($0) }
    return (tokens.count - 1, text.filter { !"'\"\\".contains($0) }, isQuoted, stripsTabs)
  }

  private mutating func document(
    _ document: (token: Int, end: String, isQuoted: Bool, stripsTabs: Bool)
  ) throws(ImportError) -> String {
    var text = ""
    while !characters.isEmpty {
      var line = String(characters.prefix { $0 != "\n" })
      characters = characters.dropFirst(line.count + 1)
      if document.stripsTabs { line = String(line.drop { $0 == "\t" }) }
      if line == document.end {
        // The end of this line ends the command.
        if document.isQuoted { return text }
        var inner = ShellWords(characters: Array(text + "\u{0}")[...])
        return try inner.doubleQuoted(until: "\u{0}")
      }
      text += line + "\n"
    }
    throw ImportError("a here-document ('<<') without its line \(document.end.excerpt)")
  }

  private mutating func hereString() throws(ImportError) {
    while characters.first == " " { characters.removeFirst() }
    let rest = characters
    var inner = ShellWords(characters: rest)
    var text = ""
    loop: while let character = inner.characters.first, !character.isWhitespace, !";|&<>".contains(character) {
      inner.characters.removeFirst()
      switch character {
      case "'": text += try inner.quoted()
      case "\"": text += try inner.doubleQuoted(until: "\"")
      case "$": text += try inner.dollar(isQuoted: false)
      case "\\": if let next = inner.characters.popFirst() { text.append(next) }
      default: text.append(character)
      }
    }
    characters = inner.characters
    tokens.append(.word(text + "\n"))
  }

  // MARK: Quotes

  private mutating func quoted() throws(ImportError) -> String {
    let text = String(characters.prefix { $0 != "'" })
    characters = characters.dropFirst(text.count)
    guard characters.popFirst() != nil else { throw ImportError("a quote ' that doesn't end") }
    return text
  }

  private mutating func doubleQuoted(until end: Character) throws(ImportError) -> String {
    var text = ""
    while let character = characters.popFirst() {
      switch character {
      case end: return text
      case "`": throw ImportError("a command between ` signs: write what it gives")
      case "$": text += try dollar(isQuoted: true)
      case "\\":
        guard let next = characters.first, "\"\\$`\n".contains(next), next != "\"" || end == "\"" else {
          text.append(character)
          break
        }
        characters.removeFirst()
        if next != "\n" { text.append(next) }
      default: text.append(character)
      }
    }
    throw ImportError("a quote \(end) that doesn't end")
  }

  /// What follows a `$`: a variable of the environment, or `$'…'`.
  private mutating func dollar(isQuoted: Bool) throws(ImportError) -> String {
    switch characters.first {
    case "'"? where !isQuoted:
      characters.removeFirst()
      return try ansiQuoted()
    case "\""? where !isQuoted: return ""
    case "("?:
      let shown = String(characters.prefix(30)).excerpt
      throw ImportError("'$\(shown)': a command in the place of a text: write what it gives")
    case "{"?:
      let inside = String(characters.dropFirst().prefix { $0 != "}" && $0 != "\n" })
      guard Placeholder.isWord(inside), inside.first?.isNumber == false else {
        throw ImportError("'${\(inside.excerpt)}': expected a plain variable such as ${NAME}, or its value")
      }
      characters = characters.dropFirst(inside.count + 2)
      return EnvironmentMark.text(inside)
    case let next? where next == "_" || next.isASCII && next.isLetter:
      let name = String(characters.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) })
      characters = characters.dropFirst(name.count)
      guard Placeholder.isWord(name) else {
        throw ImportError("the variable $\(name.excerpt): longer than 64 characters")
      }
      return EnvironmentMark.text(name)
    case let next? where next.isASCII && next.isNumber || "@*#?$!-".contains(next):
      throw ImportError("'$\(next)': the shell fills it in: write its value")
    default: return "$"
    }
  }

  private mutating func ansiQuoted() throws(ImportError) -> String {
    let plain: [Character: UInt8] = [
      "n": 10, "r": 13, "t": 9, "'": 39, "\"": 34, "\\": 92, "!": 33, "?": 63, "a": 7, "b": 8, "e": 27, "E": 27,
      "f": 12, "v": 11,
    ]
    var bytes: [UInt8] = []
    while let character = characters.popFirst() {
      if character == "'" {
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw ImportError("bytes in $'…' that are no UTF-8: put them into a file")
        }
        return text
      }
      guard character == "\\", let next = characters.popFirst() else {
        bytes += String(character).utf8
        continue
      }
      if let known = plain[next] {
        bytes.append(known)
      } else if next == "x" {
        bytes.append(UInt8(truncatingIfNeeded: try number(next, 2, 16)))
      } else if "01234567".contains(next) {
        characters = [next] + characters
        bytes.append(UInt8(truncatingIfNeeded: try number(next, 3, 8)))
      } else if next == "u" || next == "U" {
        bytes += String(Character(try scalar(next))).utf8
      } else {
        throw ImportError("the escape \\\(next) is not known here")
      }
    }
    throw ImportError("a quote $' that doesn't end")
  }

  private mutating func number(_ kind: Character, _ most: Int, _ radix: Int) throws(ImportError) -> UInt32 {
    let digits = characters.prefix(most).prefix { $0.isASCII && $0.hexDigitValue.map { $0 < radix } == true }
    guard let number = UInt32(String(digits), radix: radix) else {
      throw ImportError("the escape \\\(kind) without its digits")
    }
    characters = characters.dropFirst(digits.count)
    return number
  }

  /// The scalar of `\uNNNN` or `\UNNNNNNNN`; browsers write those beyond the first plane as two.
  private mutating func scalar(_ kind: Character) throws(ImportError) -> Unicode.Scalar {
    var value = try number(kind, kind == "u" ? 4 : 8, 16)
    if 0xD800..<0xDC00 ~= value, characters.starts(with: ["\\", "u"]) {
      characters = characters.dropFirst(2)
      let low = try number(kind, 4, 16)
      guard 0xDC00..<0xE000 ~= low else { throw ImportError("the escape \\\(kind) is half a character") }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw ImportError("the escape \\\(kind) is half a character") }
    return scalar
  }
}

import Documents

/// Words by PowerShell's rules: `'…'`, `"…"`, grave accents, `$env:NAME`.
///
/// Source: Microsoft's about_Quoting_Rules and about_Special_Characters (read 2026-11).
struct PowerShellWords {
  private var characters: ArraySlice<Character>

  static func commands(in text: String) throws(ImportError) -> [ShellCommand] {
    var reader = PowerShellWords(characters: Array(text)[...])
    return try reader.commands()
  }

  private mutating func commands() throws(ImportError) -> [ShellCommand] {
    var commands: [ShellCommand] = [ShellCommand()]
    var word: String?
    func endWord() throws(ImportError) {
      if let word {
        // Versions before and after 7.3 pass it on differently.
        if word.contains("\\\"") { throw ImportError("'\\\"' in PowerShell: its versions differ in what they pass on") }
        commands[commands.count - 1].words.append(word)
      }
      word = nil
    }
    while let character = characters.popFirst() {
      switch character {
      case "`":
        while characters.first == " ", characters.drop(while: { $0 == " " }).first == "\n" { characters.removeFirst() }
        guard let next = characters.popFirst() else { break }
        if next == "\n" { try endWord() } else { word = (word ?? "") + Self.escaped(next) }
      case "'": word = (word ?? "") + (try quoted())
      case "\"": word = (word ?? "") + (try doubleQuoted())
      case "$": word = (word ?? "") + (try dollar())
      case " ", "\t": try endWord()
      case "\n", ";":
        try endWord()
        commands.append(ShellCommand())
      case "#" where word == nil: while let next = characters.first, next != "\n" { characters.removeFirst() }
      case "|", ">":
        try endWord()
        let rest = String(characters.prefix { $0 != "\n" })
        characters = characters.dropFirst(rest.count)
        try commands[commands.count - 1].ignore(
          String(character), rest.split(separator: " ").map(String.init))
      case "&", "<", "(", ")", "{", "}": throw ShellCommand.refused(String(character))
      default: word = (word ?? "") + String(character)
      }
    }
    try endWord()
    return commands.filter { !$0.isEmpty }
  }

  private static func escaped(_ character: Character) -> String {
    switch character {
    case "n": "\n"
    case "r": "\r"
    case "t": "\t"
    default: String(character)
    }
  }

  private mutating func quoted() throws(ImportError) -> String {
    var text = ""
    while let character = characters.popFirst() {
      guard character == "'" else {
        text.append(character)
        continue
      }
      guard characters.first == "'" else { return text }
      characters.removeFirst()
      text.append("'")
    }
    throw ImportError("a quote ' that doesn't end")
  }

  private mutating func doubleQuoted() throws(ImportError) -> String {
    var text = ""
    while let character = characters.popFirst() {
      switch character {
      case "\"":
        guard characters.first == "\"" else { return text }
        characters.removeFirst()
        text.append("\"")
      case "`": if let next = characters.popFirst() { text += Self.escaped(next) }
      case "$": text += try dollar()
      default: text.append(character)
      }
    }
    throw ImportError("a quote \" that doesn't end")
  }

  private mutating func dollar() throws(ImportError) -> String {
    let isBraced = characters.first == "{"
    if isBraced { characters.removeFirst() }
    let name = String(characters.prefix { $0 == "_" || $0 == ":" || $0.isASCII && ($0.isLetter || $0.isNumber) })
    let variable = String(name.dropFirst(4))
    guard name.lowercased().hasPrefix("env:"), Placeholder.isWord(variable) else {
      if name.isEmpty, !isBraced, characters.first != "(" { return "$" }
      throw ImportError("'$\(name.isEmpty ? "(" : name.excerpt)': expected a variable such as $env:NAME, or its value")
    }
    characters = characters.dropFirst(name.count)
    if isBraced {
      guard characters.popFirst() == "}" else { throw ImportError("'${' without '}'") }
    }
    return EnvironmentMark.text(variable)
  }
}

import Documents

/// Words by the rules of Windows' command prompt and of its programs' start: `^`, `"…"`, `\"`, `%NAME%`.
///
/// Source: Microsoft's documentation of cmd.exe, and "Parsing C command-line arguments" (read 2026-11).
struct PromptWords {
  static func commands(in text: String) throws(ImportError) -> [ShellCommand] {
    var commands: [ShellCommand] = [ShellCommand()]
    var line = ""
    var isQuoted = false
    var characters = Array(text)[...]
    func end() throws(ImportError) {
      commands[commands.count - 1].words += try words(line)
      line = ""
    }
    while let character = characters.popFirst() {
      switch character {
      case "^" where !isQuoted:
        // At a line's end it goes on with the next; two line ends are one that is meant.
        while characters.first == " ", characters.drop(while: { $0 == " " }).first == "\n" { characters.removeFirst() }
        guard let next = characters.popFirst() else { break }
        if next != "\n" {
          line.append(next)
        } else if characters.first == "\n" {
          line.append("\n")
          characters.removeFirst()
        } else {
          line.append(" ")
        }
      case "\"":
        isQuoted.toggle()
        line.append(character)
      case "\n":
        guard !isQuoted else { throw ImportError("a quote \" that doesn't end") }
        try end()
        commands.append(ShellCommand())
      case "%":
        let name = String(characters.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) })
        // %20 and %C3%A9 are a URL's.
        let isVariable =
          name.count > 2 && name.first?.isNumber == false && characters.dropFirst(name.count).first == "%"
        if isVariable, Placeholder.isWord(name) {
          line += EnvironmentMark.text(name)
          characters = characters.dropFirst(name.count + 1)
        } else {
          line.append(character)
        }
      case "|" where !isQuoted, ">" where !isQuoted:
        try end()
        let rest = String(characters.prefix { $0 != "\n" })
        characters = characters.dropFirst(rest.count)
        let operands = rest.split(separator: " ").map(String.init)
        try commands[commands.count - 1].ignore(String(character), operands)
      case "&" where !isQuoted:
        guard characters.first == "&" else { throw ShellCommand.refused("&") }
        characters.removeFirst()
        try end()
        commands.append(ShellCommand())
      case "<" where !isQuoted: throw ShellCommand.refused("<")
      default: line.append(character)
      }
    }
    guard !isQuoted else { throw ImportError("a quote \" that doesn't end") }
    try end()
    return commands.filter { !$0.isEmpty }
  }

  /// As a program's start takes a line apart.
  static func words(_ line: String) throws(ImportError) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    var characters = Array(line)[...]
    while let character = characters.popFirst() {
      switch character {
      case "\\":
        var count = 1
        while characters.first == "\\" {
          characters.removeFirst()
          count += 1
        }
        guard characters.first == "\"" else {
          word = (word ?? "") + String(repeating: "\\", count: count)
          break
        }
        word = (word ?? "") + String(repeating: "\\", count: count / 2)
        if !count.isMultiple(of: 2) {
          characters.removeFirst()
          word?.append("\"")
        }
      case "\"":
        if isQuoted, characters.first == "\"" {
          characters.removeFirst()
          word = (word ?? "") + "\""
        } else {
          isQuoted.toggle()
          word = word ?? ""
        }
      case " ", "\t", "\n":
        if isQuoted {
          word = (word ?? "") + String(character)
        } else if let ended = word {
          words.append(ended)
          word = nil
        }
      default: word = (word ?? "") + String(character)
      }
    }
    guard !isQuoted else { throw ImportError("a quote \" that doesn't end") }
    return words + (word.map { [$0] } ?? [])
  }
}

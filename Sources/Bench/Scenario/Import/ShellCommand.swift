import Documents

/// One command of a text, as its shell would run it.
struct ShellCommand: Equatable {
  var words: [String] = []
  /// Operators that don't touch the request, with what belongs to them: `| jq .`, `> out.json`.
  var ignored: [String] = []
  /// What it reads from standard input, where the text itself has it.
  var input: String?

  var isEmpty: Bool { words.isEmpty && ignored.isEmpty }

  /// The commands of a text by the rules of the shell that it was written for: of its lines that go on, one ends with
  /// `^` (Windows' command prompt), a grave accent (PowerShell), or a backslash.
  static func commands(in text: String) throws(ImportError) -> [ShellCommand] {
    let text = String(text.trimmingPrefix("\u{FEFF}")).replacing("\r\n", with: "\n")
    if EnvironmentMark.isIn(text) { throw ImportError("a private character from plane 15: expected a text without it") }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
    let isPOSIX = lines.contains { $0.hasSuffix("\\") }
    if !isPOSIX, lines.contains(where: { $0.hasSuffix(" `") }) { return try PowerShellWords.commands(in: text) }
    let hasQuotes = text.contains(" '") || text.contains("='") || text.contains("$'")
    let isPrompt = lines.contains { $0.hasSuffix("^") } || ["^\"", "^&", "^%", "^^"].contains { text.contains($0) }
    if !isPOSIX, !hasQuotes, isPrompt { return try PromptWords.commands(in: text) }
    return try ShellWords.commands(in: text)
  }

  /// Takes an operator that ends the command, or belongs to it without touching the request.
  mutating func ignore(_ symbol: String, _ operands: [String]) throws(ImportError) {
    let shown = ([symbol] + operands.map(EnvironmentMark.shown)).joined(separator: " ")
    if operands.contains(where: { $0.contains("curl") || $0 == "xargs" || $0 == "sh" || $0 == "bash" }) {
      throw ImportError("'\(shown.excerpt)': what one request answers goes into another: write it with capture")
    }
    ignored.append(shown)
  }

  static func refused(_ symbol: String) -> ImportError {
    ImportError("'\(symbol)' outside quotes is the shell's own: quote what it belongs to, or take it out")
  }
}

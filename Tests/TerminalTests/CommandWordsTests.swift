import Terminal
import Testing

@Suite struct CommandWordsTests {
  private let words = CommandWords(
    "tool",
    subcommands: [
      CommandWords(
        "bench",
        subcommands: [
          CommandWords("url", borrowed: ["--duration": "did you mean '--for'?", "-d": "did you mean '--for'?"]),
          CommandWords("run", borrowed: ["--duration": "the file says it"]), CommandWords("plans"),
        ], defaultName: "url"),
      CommandWords("monitor", subcommands: [CommandWords("run"), CommandWords("report")]),
      CommandWords("decide"),
    ], borrowed: ["-V": "did you mean '--version'?"])

  @Test(
    "a command that there is not is pointed to the one that was meant, at every level",
    arguments: [
      ("decied", "unknown command 'decied': did you mean 'decide'?"),
      ("mointor run", "unknown command 'mointor': did you mean 'monitor'?"),
      ("monitor rnu --x", "unknown command 'rnu': did you mean 'run'?"),
      ("monitor nonsense", "unknown command 'nonsense': expected run or report"),
      ("bench rnu", "unknown command 'rnu': did you mean 'run'?"),
      ("bench Run s.yaml", "unknown command 'Run': did you mean 'run'?"),
      ("help decied", "unknown command 'decied': did you mean 'decide'?"),
      ("run s.yaml", "unknown command 'run': did you mean 'bench run' or 'monitor run'?"),
      ("http://h/", "unknown command 'http://h/': did you mean 'bench http://h/'?"),
      ("nonsense", "unknown command 'nonsense': expected bench, monitor or decide"),
    ])
  func commands(line: String, expected: String) {
    #expect(words.adviceOnCommand(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test(
    "what is a command, or may be an argument, is nobody's business here",
    arguments: [
      "", "decide anything", "bench run rnu", "monitor run", "--version", "bench http://run/", "bench run.example:80",
      "bench 127.0.0.1", "bench --users 3 rnu", "bench localhost", "help", "help bench run", "monitor --help", "bench",
    ])
  func noAdvice(line: String) {
    #expect(words.adviceOnCommand(line.split(separator: " ").map(String.init)) == nil)
  }

  @Test(
    "another tool's option is pointed to this command's, however it is written",
    arguments: [
      ("bench http://h --duration 3s", "unknown option '--duration': did you mean '--for'?"),
      ("bench http://h --duration=3s", "unknown option '--duration': did you mean '--for'?"),
      ("bench -d 3s http://h", "unknown option '-d': did you mean '--for'?"),
      ("bench url http://h -d3s", "unknown option '-d': did you mean '--for'?"),
      ("bench http://h -duration 3s", "unknown option '-duration': did you mean '--for'?"),
      ("bench run s.yaml --duration 3s", "unknown option '--duration': the file says it"),
      ("-V", "unknown option '-V': did you mean '--version'?"),
    ])
  func options(line: String, expected: String) {
    #expect(words.adviceOnOption(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test(
    "other options, and what follows two dashes, are left to the parser",
    arguments: ["bench http://h --for 3s", "bench plans s.yaml -- app -d 3", "decide -d", "bench plans -d", "-d", ""])
  func noOptionAdvice(line: String) {
    #expect(words.adviceOnOption(line.split(separator: " ").map(String.init)) == nil)
  }
}

import Wording

/// The words of a command line: which commands there are, and what other tools call their options.
///
/// It advises where a word is nobody's; reading the line stays the argument parser's.
package struct CommandWords: Sendable {
  package var name: String
  package var subcommands: [CommandWords]
  /// The subcommand that a word which is none may be an argument of.
  package var defaultName: String?
  /// Options that this command doesn't have, as other tools call them, and what to write instead: looked for only where a
  /// line could not be read.
  private let borrowed: @Sendable () -> [String: String]

  package init(
    _ name: String, subcommands: [CommandWords] = [], defaultName: String? = nil,
    borrowed: @autoclosure @escaping @Sendable () -> [String: String] = [:]
  ) {
    self.name = name
    self.subcommands = subcommands
    self.defaultName = defaultName
    self.borrowed = borrowed
  }

  /// What to say about a command that there is not; nil when the words lead to one.
  /// - Parameter arguments: without the program's own name.
  package func adviceOnCommand(_ arguments: some Sequence<String>) -> String? {
    var command = self
    for word in arguments where word != "help" {
      guard !word.hasPrefix("-"), !command.subcommands.isEmpty else { return nil }
      if let next = command.subcommands.first(where: { $0.name == word }) {
        command = next
        continue
      }
      let near = Spelling.closest(to: word, among: command.subcommands.map(\.name))
      if command.defaultName != nil {
        // What has a dot, a colon or a slash is an address or a file.
        guard let near, word.allSatisfy({ $0.isLetter || $0 == "-" }) else { return nil }
        return "unknown command '\(word)': did you mean '\(near)'?"
      }
      return "unknown command '\(word)': \(near.map { "did you mean '\($0)'?" } ?? command.instead(of: word))"
    }
    return nil
  }

  /// What to say about an option of another tool's; nil when there is none on the line.
  ///
  /// To be asked only once the line could not be read.
  package func adviceOnOption(_ arguments: some Sequence<String>) -> String? {
    var command = self
    var isLeading = true
    for word in arguments {
      if word == "--" { return nil }
      if word.hasPrefix("-") {
        isLeading = false
        let owner = command.subcommands.first { $0.name == command.defaultName } ?? command
        if let advice = owner.advice(on: word) { return advice }
      } else if isLeading {
        guard let next = command.subcommands.first(where: { $0.name == word }) else {
          isLeading = false
          continue
        }
        command = next
      }
    }
    return nil
  }

  /// `-d`, `-d30s`, `--duration`, `--duration=30s`, `-duration`.
  private func advice(on word: String) -> String? {
    let name = String(word.prefix { $0 != "=" })
    let isAttached = name.count > 2 && !name.hasPrefix("--") && name.dropFirst(2).first?.isNumber == true
    let spellings = [name, name.hasPrefix("--") ? name : "-" + name] + (isAttached ? [String(name.prefix(2))] : [])
    let borrowed = borrowed()
    guard let known = spellings.first(where: { borrowed[$0] != nil }), let instead = borrowed[known] else { return nil }
    return "unknown option '\(isAttached ? known : name)': \(instead)"
  }

  /// A word that is another command's, or an address.
  private func instead(of word: String) -> String {
    if word.contains("://"), let place = subcommands.first(where: { $0.defaultName != nil }) {
      return "did you mean '\(place.name) \(word)'?"
    }
    let places = subcommands.flatMap { place in
      place.subcommands.filter { $0.name == word }.map { "'\(place.name) \($0.name)'" }
    }
    guard places.isEmpty else { return "did you mean \(Spelling.alternatives(places))?" }
    return "expected \(Spelling.alternatives(subcommands.map(\.name)))"
  }
}

/// A command whose options other tools call otherwise.
package protocol BorrowsOptions {
  /// `CommandWords.borrowed`.
  static var borrowedOptions: [String: String] { get }
}

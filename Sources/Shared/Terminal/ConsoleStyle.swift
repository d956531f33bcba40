/// Whether text for a terminal has colour.
package enum ConsoleStyle: Sendable, Equatable {
  case plain, coloured

  /// Colour for a terminal that is not dumb, unless `NO_COLOR` is set to anything.
  ///
  /// Source: no-color.org.
  package static func detect(isTerminal: Bool, environment: [String: String]) -> ConsoleStyle {
    let refuses = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return isTerminal && !refuses ? .coloured : .plain
  }

  package enum Paint: String, Sendable {
    case good = "32"
    case bad = "31"
    case caution = "33"
    case strong = "1"
    case faint = "2"
    case banner = "1;7"
  }

  package func callAsFunction(_ text: String, _ paint: Paint) -> String {
    self == .plain || text.isEmpty ? text : "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
  }
}

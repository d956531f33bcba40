/// The variables of the environment that a scenario's text names, for reading it where they aren't set.
enum EnvironmentNames {
  static func names(in text: String) -> [String] {
    var names: [String] = []
    for match in text.matches(of: /\{\{ *env *\. *([A-Za-z0-9_-]+) *\}\}/) {
      let name = String(match.1)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Something in the place of each.
  static func standIns(in text: String) -> [String: String] {
    Dictionary(names(in: text).map { ($0, "x") }, uniquingKeysWith: { first, _ in first })
  }
}

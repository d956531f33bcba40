import Logging
import Secrets

/// Takes secrets and people's addresses out of what leaves for Sentry. What looks like one is one: a figure that is lost is
/// better than an address that is told.
package struct SentryScrubber: Sendable {
  static let filtered = "[filtered]"
  /// The process' own secrets, wherever they stand; short ones would be found everywhere.
  private let known: [String]
  private static let shortest = 8

  package init(known: [String] = []) {
    self.known = Set(known).filter { $0.utf8.count >= Self.shortest }.sorted { $0.utf8.count > $1.utf8.count }
  }

  /// - Parameter name: what it is called; a secret's name hides all of it.
  func value(_ text: String, of name: String) -> String {
    if Self.hides(name, text) { return Self.filtered }
    return self.text(text)
  }

  func text(_ text: String) -> String {
    var text = text
    for secret in known where text.contains(secret) { text = text.replacing(secret, with: Self.filtered) }
    if let key = text.firstRange(of: "-----BEGIN"), text[key.lowerBound...].contains("PRIVATE KEY") {
      text = text[..<key.lowerBound] + Self.filtered
    }
    var scan = ScrubbingScan(text)
    return scan.run()
  }

  /// A value of a log's metadata as text, secrets within it by their own names.
  func text(_ value: Logger.MetadataValue, of name: String) -> String {
    if Self.hides(name, "") { return Self.filtered }
    return switch value {
    case .dictionary(let inner):
      "["
        + inner.sorted { $0.key < $1.key }.map { "\(text($0.key)): \(text($0.value, of: $0.key))" }.joined(
          separator: ", ") + "]"
    case .array(let inner): "[" + inner.map { text($0, of: name) }.joined(separator: ", ") + "]"
    case .string(let text): self.value(text, of: name)
    case .stringConvertible(let inner): self.value("\(inner)", of: name)
    }
  }

  private static let names: Set = ["dsn", "phone", "mobile", "telephone"]

  static func hides(_ name: String, _ value: String) -> Bool {
    SecretNames.isSecret(name) || SecretNames.isCredential(header: name, value: value)
      || SecretNames.isCredential(parameter: name, value: "a value")
      || names.contains(name.lowercased()) || name.lowercased().hasSuffix("_dsn")
  }
}

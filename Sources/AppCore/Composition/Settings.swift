import Foundation

/// What the service was told, and by whom: options win over the environment, that over a file `.env` where it was started.
struct Settings: Sendable {
  enum Origin: Equatable, Sendable {
    case option(String)
    case environment
    /// With its path.
    case file(String)
    case standard
  }

  private struct Value: Sendable {
    var text: String
    var origin: Origin
  }

  static let filePath = ".env"

  private var values: [String: Value] = [:]

  /// Texts that are empty set nothing.
  init(environment: [String: String], file: SettingsFile? = nil, path: String = filePath) {
    for (name, text) in file?.values ?? [:] { set(name, text, .file(path)) }
    for (name, text) in environment { set(name, text, .environment) }
  }

  /// Of this process.
  /// - Throws: `ConfigurationError` for a file that can't be read.
  static func current() throws(ConfigurationError) -> Settings {
    let environment = ProcessInfo.processInfo.environment
    guard FileManager.default.fileExists(atPath: filePath) else { return Settings(environment: environment) }
    guard let data = FileManager.default.contents(atPath: filePath) else {
      throw ConfigurationError("\(filePath) can't be read: make it readable, or move it away")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationError("\(filePath): UTF-8 was expected")
    }
    do {
      return Settings(environment: environment, file: try SettingsFile(text))
    } catch {
      throw ConfigurationError("\(filePath):\(error.line): \(error.expected) was expected")
    }
  }

  /// An option that was given wins.
  mutating func set(_ name: String, _ text: String?, option: String) {
    if let text { set(name, text, .option(option)) }
  }

  private mutating func set(_ name: String, _ text: String, _ origin: Origin) {
    if !text.isEmpty { values[name] = Value(text: text, origin: origin) }
  }

  /// Everything that somebody set, by name.
  var environment: [String: String] { values.mapValues(\.text) }

  func origin(of name: String) -> Origin { values[name]?.origin ?? .standard }

  /// Names that the file set, sorted.
  var fromFile: [String] {
    values.compactMap { name, value in if case .file = value.origin { name } else { nil } }.sorted()
  }

  /// The same error, with where the setting that it begins with came from.
  func explaining(_ error: any Error) -> any Error {
    guard var error = error as? ConfigurationError else { return error }
    let name = String(error.description.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    switch origin(of: name) {
    case .file(let path): error.description += " (it is set in \(path))"
    case .environment: error.description += " (it is set in the environment)"
    case .option, .standard: break
    }
    return error
  }
}

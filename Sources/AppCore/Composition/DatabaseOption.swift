import AppStore

/// `--database`, else DATABASE_URL, else the default.
enum DatabaseOption {
  static let help = """
    sqlite:relative, sqlite:/absolute or postgres://user:password@host:port/database. (env DATABASE_URL; default: \
    sqlite:var/app.sqlite)
    """

  /// - Parameter environment: nil: this process' settings.
  /// - Throws: `StoreError` code `.urlInvalid`, `ConfigurationError`.
  static func location(
    _ option: String?, option name: String = "--database",
    environment: [String: String]? = nil
  ) throws -> DatabaseLocation {
    if let option { return try DatabaseLocation(url: option, from: name) }
    let environment = try environment ?? Settings.current().environment
    let variable = environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
    return try DatabaseLocation(url: variable ?? DatabaseLocation.defaultURL)
  }
}

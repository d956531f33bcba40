package import Postgres

/// Where the data is kept: a parsed DATABASE_URL.
package enum DatabaseLocation: Sendable, Equatable {
  /// A path, relative to the working directory unless it begins with `/`.
  case sqlite(path: String)
  case postgres(PostgresConfiguration)

  package static let defaultURL = "sqlite:var/app.sqlite"

  /// Reads `sqlite:relative`, `sqlite:/absolute`, `postgres://…` or `postgresql://…`.
  /// - Parameter name: what the URL was given by, for messages.
  /// - Throws: `StoreError` code `.urlInvalid`. The message never repeats the URL, which may hold a password.
  package init(url: String, from name: String = "DATABASE_URL") throws(StoreError) {
    let scheme = url.prefix { $0 != ":" }.lowercased()
    switch scheme {
    case "sqlite":
      let path = String(url.dropFirst("sqlite:".count))
      guard !path.isEmpty, !path.hasPrefix("//"), !path.hasPrefix(":"), !path.contains("\0") else {
        throw StoreError(
          .urlInvalid,
          "\(name): after `sqlite:` a path to a file was expected, sqlite:relative or sqlite:/absolute")
      }
      self = .sqlite(path: path)
    case "postgres", "postgresql":
      do {
        self = .postgres(try PostgresConfiguration(url: url))
      } catch {
        throw StoreError(.urlInvalid, "\(name): \(error.message)")
      }
    default:
      throw StoreError(
        .urlInvalid,
        "\(name): unknown kind of database: expected sqlite:relative, sqlite:/absolute or "
          + "postgres://user:password@host:port/database")
    }
  }

  /// How it is called in messages: without user and password.
  package var place: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgres(let configuration): "postgres://\(configuration.place)"
    }
  }
}

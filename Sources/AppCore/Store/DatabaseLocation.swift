/// Where the data is kept: a parsed DATABASE_URL.
package enum DatabaseLocation: Sendable, Equatable {
  /// A path, relative to the working directory unless it begins with `/`.
  case sqlite(path: String)

  package static let defaultURL = "sqlite:var/app.sqlite"

  /// Reads `sqlite:relative` or `sqlite:/absolute`.
  /// - Throws: `StoreError` code `.urlInvalid`. The message never repeats the URL, which may hold a password.
  package init(url: String) throws(StoreError) {
    let scheme = url.prefix { $0 != ":" }.lowercased()
    switch scheme {
    case "sqlite":
      let path = String(url.dropFirst("sqlite:".count))
      guard !path.isEmpty, !path.hasPrefix("//"), !path.hasPrefix(":"), !path.contains("\0") else {
        throw StoreError(
          .urlInvalid,
          "DATABASE_URL: after `sqlite:` a path to a file was expected, sqlite:relative or sqlite:/absolute")
      }
      self = .sqlite(path: path)
    case "postgres", "postgresql":
      throw StoreError(
        .urlInvalid, "DATABASE_URL: PostgreSQL is not supported yet: use sqlite:relative or sqlite:/absolute")
    default:
      throw StoreError(
        .urlInvalid, "DATABASE_URL: unknown kind of database: expected sqlite:relative or sqlite:/absolute")
    }
  }
}

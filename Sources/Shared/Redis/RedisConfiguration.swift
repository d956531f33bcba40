import Curl
package import Secrets

/// Where a Redis server is, and who asks: a parsed `redis://` URL.
package struct RedisConfiguration: Sendable, Equatable {
  package var host: String
  package var port: Int
  package var user: String?
  package var password: Redacted<String>?
  package var database: Int

  private static let form = "redis://user:password@host:port/number was expected"

  /// - Throws: `RedisError` code `.urlInvalid`. The message never repeats the URL, which may hold a password.
  package init(url: String) throws(RedisError) {
    // libcurl takes the path of a URL without a host for one.
    guard !url.contains("///"), let parts = CurlURL(url) else { throw RedisError(.urlInvalid, Self.form) }
    guard parts.scheme != "rediss" else {
      throw RedisError(
        .urlInvalid,
        "rediss:// (TLS) is not spoken: redis:// to a server on the same machine or private network was expected")
    }
    guard parts.scheme == "redis", !parts.host.isEmpty, parts.query == nil, parts.fragment == nil else {
      throw RedisError(.urlInvalid, Self.form)
    }
    host = parts.host.hasPrefix("[") ? String(parts.host.dropFirst().dropLast()) : parts.host
    port = parts.port ?? 6_379
    guard (1...65_535).contains(port) else { throw RedisError(.urlInvalid, "\(Self.form), the port from 1 to 65535") }
    let path = parts.path.drop { $0 == "/" }
    guard path.isEmpty || (0...15_000).contains(Int(path) ?? -1) else {
      throw RedisError(.urlInvalid, "\(Self.form): the path is the number of a database")
    }
    database = Int(path) ?? 0
    user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
    password = parts.password.flatMap { $0.isEmpty ? nil : Redacted($0) }
    guard user == nil || password != nil else {
      throw RedisError(.urlInvalid, "\(Self.form): a user without a password (a password alone is redis://:password@…)")
    }
    guard ![host, user, password?.secret].contains(where: { $0?.contains("\0") == true }) else {
      throw RedisError(.urlInvalid, Self.form)
    }
  }

  /// For messages and logs: host, port and database, never user or password.
  package var place: String {
    "\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
  }

  package static func == (left: RedisConfiguration, right: RedisConfiguration) -> Bool {
    left.host == right.host && left.port == right.port && left.user == right.user
      && left.password?.secret == right.password?.secret && left.database == right.database
  }
}

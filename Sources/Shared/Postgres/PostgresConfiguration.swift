import Authorities
import CPostgres
import Glibc
package import Secrets
import Wording

/// Where a PostgreSQL server is and how to speak to it: a parsed `postgres://` URL.
///
/// Options of the URL's query are libpq's (`sslmode`, `sslrootcert`, `connect_timeout`, `target_session_attrs`, …) and
/// two of our own: `statement_timeout` (a duration, 30s by default) and `pool_max` (connections, 1 to 50, 4 by default).
/// What is absent comes from libpq's environment variables (PGHOST, PGUSER, PGPASSWORD, …).
package struct PostgresConfiguration: Sendable, Equatable {
  /// libpq's keywords and values, without the password.
  package var parameters: [String: String]
  package var password: Redacted<String>?
  package var statementTimeout: Duration
  package var connectTimeout: Duration
  package var maxConnections: Int

  /// - Throws: `PostgresError` code `.urlInvalid`. The message never repeats the URL, which may hold a password.
  package init(url: String) throws(PostgresError) {
    let (plain, own) = try Self.separated(url)
    statementTimeout = try Self.duration(own["statement_timeout"], "statement_timeout") ?? .seconds(30)
    maxConnections = 4
    if let text = own["pool_max"] {
      guard let number = Int(text), (1...50).contains(number) else {
        throw Self.invalid("pool_max: a number from 1 to 50 was expected")
      }
      maxConnections = number
    }
    var parameters = try Self.parsed(plain)
    password = parameters.removeValue(forKey: "password").map { Redacted($0) }
    connectTimeout = .seconds(10)
    if let text = parameters["connect_timeout"] {
      guard let seconds = Int(text), (1...600).contains(seconds) else {
        throw Self.invalid("connect_timeout: seconds from 1 to 600 were expected")
      }
      connectTimeout = .seconds(seconds)
    }
    self.parameters = parameters
  }

  /// The same server and user, another database.
  package func naming(database: String) -> PostgresConfiguration {
    var copy = self
    copy.parameters["dbname"] = database
    return copy
  }

  /// Where it is, for messages and logs: host, port and database, never user or password.
  package var place: String {
    let host = parameters["host"] ?? parameters["hostaddr"] ?? "the default host"
    let port = parameters["port"].map { ":\($0)" } ?? ""
    return "\(host)\(port)/\(parameters["dbname"] ?? "")"
  }

  /// libpq's keywords and values as they are used, without the password: with the machine's authorities where the server
  /// shall be verified, since libpq looks for them in the user's home directory only.
  package var effectiveParameters: [String: String] {
    var parameters = parameters
    if parameters["sslmode"]?.hasPrefix("verify") == true, parameters["sslrootcert"] == nil,
      getenv("PGSSLROOTCERT") == nil
    {
      parameters["sslrootcert"] = AuthorityBundle.system
    }
    return parameters
  }

  /// The same as libpq's `keyword='value'` text, for its command line tools.
  /// Source: PostgreSQL manual, "Connection Strings", keyword/value form.
  package var keywordText: String {
    effectiveParameters.sorted { $0.key < $1.key }.map { key, value in
      "\(key)='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }.joined(separator: " ")
  }

  package static func == (left: PostgresConfiguration, right: PostgresConfiguration) -> Bool {
    left.parameters == right.parameters && left.password?.secret == right.password?.secret
      && left.statementTimeout == right.statementTimeout && left.maxConnections == right.maxConnections
  }

  private static func invalid(_ reason: String) -> PostgresError { PostgresError(.urlInvalid, reason) }

  /// The URL as libpq reads it, and our own options, which libpq would refuse.
  private static func separated(_ url: String) throws(PostgresError) -> (String, [String: String]) {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://"), !url.contains("\0"),
      ["postgres", "postgresql"].contains(url[..<colon].lowercased())
    else { throw invalid("postgres://user:password@host:port/database was expected") }
    let rest = "postgresql" + url[colon...]
    guard let mark = rest.firstIndex(of: "?") else { return (rest, [:]) }
    var own: [String: String] = [:]
    var others: [Substring] = []
    for option in rest[rest.index(after: mark)...].split(separator: "&") {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, ["statement_timeout", "pool_max"].contains(parts[0]) {
        own[String(parts[0])] = String(parts[1])
      } else {
        others.append(option)
      }
    }
    return (rest[..<mark] + (others.isEmpty ? "" : "?" + others.joined(separator: "&")), own)
  }

  private static func duration(_ text: String?, _ name: String) throws(PostgresError) -> Duration? {
    guard let text else { return nil }
    guard let duration = DurationText.parse(text), duration >= .milliseconds(10), duration <= .seconds(3_600) else {
      throw invalid("\(name): a duration from 10ms to 1h was expected, such as 30s")
    }
    return duration
  }

  /// Keywords and values by libpq's own reader.
  private static func parsed(_ url: String) throws(PostgresError) -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &message) else {
      // libpq's message may repeat a piece of the URL, and thereby of the password: only an option's name is let out.
      let text = message.map { String(cString: $0) } ?? ""
      PQfreemem(message)
      if let name = text.split(separator: "\"").dropFirst().first, text.contains("URI query parameter") {
        throw invalid("unknown option \(String(name.prefix(40)).debugDescription): libpq's options were expected")
      }
      throw invalid(
        "it can't be read: postgres://user:password@host:port/database?option=value was expected, special characters as "
          + "%XX")
    }
    defer { PQconninfoFree(options) }
    var parameters: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return parameters
  }
}

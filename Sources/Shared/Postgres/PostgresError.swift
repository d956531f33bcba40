/// Why the database did not do what it was asked: what was wrong, its SQLSTATE, and what to do. No message holds a
/// password, a parameter or a row.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    /// The URL can't be used.
    case urlInvalid
    /// No connection: nobody listens, no such host, refused at the door.
    case connect
    /// The connection is not as safe as `sslmode` asks.
    case tls
    /// The connection ended before the answer was complete.
    case lost
    /// The server did not answer in time.
    case timeout
    /// The connection ended while a transaction was committed, and until the patience ended nobody could be asked
    /// whether it was: it was applied once or not at all.
    case uncertain
    /// The server refused a statement; `sqlState` says which way.
    case statement
    /// The server's answer is not of the form that was expected.
    case answer
    /// More work waits than the pool takes.
    case busy
    /// The pool was closed, or its caller cancelled.
    case closed
  }

  package var code: Code
  /// Five characters; nil where no server spoke. Source: PostgreSQL manual, appendix A.
  package var sqlState: String?
  package var message: String

  package init(_ code: Code, sqlState: String? = nil, _ message: String) {
    self.code = code
    self.sqlState = sqlState
    self.message = message
  }

  package var description: String {
    let state = sqlState.map { " (SQLSTATE \($0))" } ?? ""
    let advice = sqlState.flatMap(Self.advice).map { ": \($0)" } ?? ""
    return "PostgreSQL: \(message)\(state)\(advice)"
  }

  /// Whether the same work may well succeed a moment later, in a transaction of its own.
  package var isTransient: Bool {
    switch code {
    case .lost, .timeout: true
    case .connect: sqlState.map(Self.isTransient) ?? true
    case .statement: sqlState.map(Self.isTransient) ?? false
    case .urlInvalid, .tls, .uncertain, .answer, .busy, .closed: false
    }
  }

  /// Source: PostgreSQL manual, appendix A: class 08 (connection), 40001 and 40P01 (roll back and try again), 53300
  /// (too many connections), 25P03 (idle in its transaction for too long), 57P01 to 57P03 (shutting down, crashed,
  /// starting up).
  private static func isTransient(_ state: String) -> Bool {
    state.hasPrefix("08") || ["40001", "40P01", "53300", "25P03", "57P01", "57P02", "57P03"].contains(state)
  }

  private static func advice(_ state: String) -> String? {
    switch state {
    case "28P01", "28000": "check user, password and sslmode in DATABASE_URL, and the server's pg_hba.conf"
    case "3D000": "create the database, or name another in DATABASE_URL"
    case "25006": "this server is read-only; name the primary, or add target_session_attrs=read-write to DATABASE_URL"
    case "42501": "grant this user the right, or name another user in DATABASE_URL"
    case "42P01", "42703": "bring the schema up to date with `outgrown app migrate`"
    case "53100": "the server's disk is full: make room there"
    case "53200": "the server is out of memory"
    case "53300": "lower pool_max in DATABASE_URL, or raise the server's max_connections"
    case "55P03": "another transaction holds the lock; try again when it has ended"
    case "57014": "it took longer than statement_timeout in DATABASE_URL allows"
    case "57P01", "57P02": "the server was shut down"
    case "57P03": "the server is starting up; try again in a moment"
    default: nil
    }
  }
}

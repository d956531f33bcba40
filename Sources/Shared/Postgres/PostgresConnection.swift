import CPostgres
import Glibc
import Secrets
import Wording

/// One connection, used by the thread that opened it and by nobody else. Every wait has an end: the server is told its
/// statement timeout, and a server that says nothing is given up a little later.
package final class PostgresConnection {
  /// What a silent server gets beyond the statement timeout before the connection is given up.
  private static let grace = Duration.seconds(2)

  private let handle: OpaquePointer
  private let statementTimeout: Duration
  private var patience: Duration
  private var statements: [PostgresSQL: String] = [:]
  /// False once it can't be used any more: open another.
  package private(set) var isUsable = true
  /// Such as 150018 for 15.18.
  package var serverVersion: Int { Int(PQserverVersion(handle)) }

  /// Opens it; blocks for at most the connect timeout (and what the system's resolver takes).
  /// - Throws: `PostgresError` code `.connect`.
  package init(_ configuration: PostgresConfiguration) throws(PostgresError) {
    let settings = Self.settings(configuration)
    let handle = CStrings.with(settings.map(\.0)) { keywords in
      CStrings.with(settings.map(\.1)) { PQconnectStartParams(keywords, $0, 0) }
    }
    guard let handle else { throw PostgresError(.connect, "libpq has no connection left; is there memory left?") }
    self.handle = handle
    statementTimeout = configuration.statementTimeout
    patience = statementTimeout + Self.grace
    cpostgres_silence(handle)
    // With verbosity, a refusal carries its SQLSTATE.
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    try open(configuration)
    PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    _ = try query(
      """
      SELECT set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false),
        set_config('DateStyle', 'ISO', false), set_config('TimeZone', 'UTC', false)
      """, [Self.milliseconds(statementTimeout)])
  }

  deinit { PQfinish(handle) }

  /// Runs one statement, prepared once per connection.
  /// - Parameter parameters: in the server's text form, sent beside the statement, never within it; nil is NULL.
  /// - Throws: `PostgresError`; afterwards `isUsable` says whether the connection can go on.
  package func query(_ sql: PostgresSQL, _ parameters: [String?] = []) throws(PostgresError) -> PostgresRows {
    try Self.refuseNUL(parameters)
    try send(prepared(sql), parameters)
    return try collect()
  }

  /// How many statements are sent before their answers are read.
  private static let batch = 500

  /// Runs one statement once for each list of parameters, in order, sent together: a round trip for hundreds of them.
  /// - Parameter take: called with each answer.
  /// - Throws: `PostgresError` of the first that fails, after which none is run; or what `take` throws.
  package func query(
    _ sql: PostgresSQL, each parameters: [[String?]], _ take: (PostgresRows) throws -> Void
  ) throws {
    for values in parameters { try Self.refuseNUL(values) }
    let name = try prepared(sql)
    guard parameters.count != 1 else {
      try send(name, parameters[0])
      return try take(collect())
    }
    for start in stride(from: 0, to: parameters.count, by: Self.batch) {
      try pipeline(name, parameters[start..<min(start + Self.batch, parameters.count)], take)
    }
  }

  /// Source: PostgreSQL manual, libpq, "Pipeline Mode".
  private func pipeline(
    _ name: String, _ parameters: ArraySlice<[String?]>, _ take: (PostgresRows) throws -> Void
  ) throws {
    guard PQenterPipelineMode(handle) == 1 else { throw broken() }
    for values in parameters { try send(name, values) }
    guard PQpipelineSync(handle) == 1 else { throw broken() }
    var failed: (any Error)?
    var ended = 0
    while true {
      guard let result = try next() else {
        // One answer is over. A connection that is lost gives nothing else, without end.
        ended += 1
        guard ended > parameters.count else { continue }
        let lost = broken()
        throw failed ?? lost
      }
      let rows = PostgresRows(result)
      switch PQresultStatus(result) {
      case PGRES_PIPELINE_SYNC:
        if PQexitPipelineMode(handle) != 1 { isUsable = false }
        if let failed { throw failed }
        return
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
        guard failed == nil else { continue }
        do { try take(rows) } catch { failed = error }
      default: failed = failed ?? failure(of: result)
      }
    }
  }

  /// Runs several statements that take no parameters, in one transaction unless they say otherwise.
  package func run(_ sql: PostgresSQL) throws(PostgresError) {
    guard PQsendQuery(handle, sql.text) == 1 else { throw broken() }
    _ = try collect()
  }

  /// Gives the statements of the transaction that runs another timeout.
  package func allow(_ timeout: Duration) throws(PostgresError) {
    _ = try query(
      """
      SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true)
      """, [Self.milliseconds(timeout)])
    patience = timeout + Self.grace
  }

  /// - Throws: `PostgresError` also when the server rolled back instead, as it does after a failure within.
  func commit() throws(PostgresError) {
    defer { patience = statementTimeout + Self.grace }
    guard PQsendQuery(handle, "COMMIT") == 1 else { throw broken() }
    guard try collect().command == "COMMIT" else {
      throw PostgresError(.statement, sqlState: "25P02", "the transaction had failed before and was rolled back")
    }
  }

  /// Ends the transaction, if the connection still has one.
  func rollback() {
    patience = statementTimeout + Self.grace
    guard isUsable, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
    do throws(PostgresError) {
      try run("ROLLBACK")
    } catch {
      isUsable = false
    }
  }

  /// Sends rows in COPY's text format.
  /// - Parameters:
  ///   - sql: `COPY … FROM STDIN`.
  ///   - rows: nil is NULL.
  package func copy(_ sql: PostgresSQL, rows: some Sequence<[String?]>) throws(PostgresError) {
    guard PQsendQuery(handle, sql.text) == 1 else { throw broken() }
    guard let start = try next() else { throw broken() }
    let status = PQresultStatus(start)
    guard status == PGRES_COPY_IN else {
      let error = failure(of: start)
      PQclear(start)
      _ = try? collect()
      throw error
    }
    PQclear(start)
    var text: [UInt8] = []
    for row in rows { CopyText.append(row, to: &text) }
    let isSent = text.withUnsafeBytes { bytes in
      bytes.isEmpty
        || PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
    }
    guard isSent, PQputCopyEnd(handle, nil) == 1 else { throw broken() }
    _ = try collect()
  }

  /// Waits for what is notified on a channel that is listened to, for as long as it takes: a server that is gone is found
  /// out by the keepalives of its connection.
  /// - Parameter bell: a descriptor that ends the waiting when it can be read.
  /// - Returns: what was told along; nil for the bell.
  /// - Throws: `PostgresError` code `.lost`.
  func notification(unlessReadable bell: Int32) throws(PostgresError) -> String? {
    while true {
      guard PQconsumeInput(handle) == 1 else { throw broken() }
      if let notice = PQnotifies(handle) {
        defer { PQfreemem(notice) }
        return String(cString: notice.pointee.extra)
      }
      var polled = [
        pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
        pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polled, 2, -1) > 0 else { continue }
      if polled[1].revents != 0 { return nil }
    }
  }

  // MARK: Opening

  private static func settings(_ configuration: PostgresConfiguration) -> [(String?, String?)] {
    var parameters = configuration.effectiveParameters
    let defaults = [
      "client_encoding": "UTF8", "fallback_application_name": "outgrown", "keepalives_idle": "30",
      "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "30000",
    ]
    parameters.merge(defaults) { given, _ in given }
    if let password = configuration.password { parameters["password"] = password.secret }
    return parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func open(_ configuration: PostgresConfiguration) throws(PostgresError) {
    let deadline = ContinuousClock.now + configuration.connectTimeout
    var state = PGRES_POLLING_WRITING
    while PQstatus(handle) != CONNECTION_BAD {
      switch state {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING, PGRES_POLLING_WRITING:
        let isReady = wait(for: state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline)
        guard isReady else {
          throw PostgresError(
            .connect,
            "\(configuration.place) did not answer within \(configuration.connectTimeout.components.seconds) s")
        }
        state = PQconnectPoll(handle)
      default: throw refusal(configuration)
      }
    }
    throw refusal(configuration)
  }

  /// What libpq says when TLS is missing or not trusted; waiting doesn't help. Source: libpq 15, `fe-secure*.c`,
  /// `fe-connect.c`.
  private static let tlsRefusals = [
    "does not support SSL", "certificate verify failed", "does not match host name", "root certificate file",
    "could not get server's host name",
  ]

  /// What the server or the system said at the door.
  private func refusal(_ configuration: PostgresConfiguration) -> PostgresError {
    let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    var state: String?
    // `FATAL:  28P01: password authentication failed for user "x"`
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }.map { line in
      line.split(separator: " ").filter { word in
        guard Self.isState(word) else { return true }
        state = String(word.dropLast())
        return false
      }.joined(separator: " ").trimmingPrefix("\t")
    }
    let reason = lines.joined(separator: "; ")
    let message = "\(configuration.place) can't be connected to: \(reason)"
    if Self.tlsRefusals.contains(where: reason.contains) {
      return PostgresError(.tls, message + "; check sslmode and sslrootcert in DATABASE_URL")
    }
    // libpq's word for it: the server asked, and there is none.
    if reason.contains("no password supplied") {
      return PostgresError(.connect, sqlState: state ?? "28P01", message)
    }
    return PostgresError(.connect, sqlState: state, message)
  }

  /// Five digits or capital letters, a digit among them, and a colon.
  private static func isState(_ word: Substring) -> Bool {
    let code = word.utf8.dropLast()
    return word.last == ":" && code.count == 5 && code.contains { (48...57).contains($0) }
      && code.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
  }

  private static func milliseconds(_ duration: Duration) -> String {
    "\(duration.nanosecondCount / 1_000_000)"
  }

  // MARK: Statements and their answers

  private static func refuseNUL(_ values: [String?]) throws(PostgresError) {
    guard !values.contains(where: { $0?.utf8.contains(0) == true }) else {
      throw PostgresError(.statement, sqlState: "22021", "a text holds the character NUL, which PostgreSQL can't keep")
    }
  }

  private func send(_ name: String, _ values: [String?]) throws(PostgresError) {
    let isSent = CStrings.with(values) {
      PQsendQueryPrepared(handle, name, Int32(values.count), $0, nil, nil, 0)
    }
    guard isSent == 1 else { throw broken() }
  }

  private func prepared(_ sql: PostgresSQL) throws(PostgresError) -> String {
    if let name = statements[sql] { return name }
    let name = "s\(statements.count + 1)"
    guard PQsendPrepare(handle, name, sql.text, 0, nil) == 1 else { throw broken() }
    _ = try collect()
    statements[sql] = name
    return name
  }

  /// The last result of what was sent, or its first failure.
  private func collect() throws(PostgresError) -> PostgresRows {
    var last: PostgresRows?
    var failed: PostgresError?
    while let result = try next() {
      last = PostgresRows(result)
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
      default: failed = failed ?? failure(of: result)
      }
    }
    if PQstatus(handle) == CONNECTION_BAD { isUsable = false }
    if let failed { throw failed }
    guard let last else { throw broken() }
    return last
  }

  private func next() throws(PostgresError) -> OpaquePointer? {
    let deadline = ContinuousClock.now + patience
    while PQisBusy(handle) == 1 {
      guard wait(for: POLLIN, until: deadline) else {
        isUsable = false
        throw PostgresError(.timeout, "the server did not answer within \(patience.components.seconds) s")
      }
      guard PQconsumeInput(handle) == 1 else { throw broken() }
    }
    return PQgetResult(handle)
  }

  private func failure(of result: OpaquePointer) -> PostgresError {
    func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
    guard let state = field(cpostgres_field_sqlstate) else { return broken() }
    if state.hasPrefix("57P") || state.hasPrefix("08") { isUsable = false }
    let hint = field(cpostgres_field_hint).map { " (\($0))" } ?? ""
    return PostgresError(.statement, sqlState: state, (field(cpostgres_field_message) ?? "refused") + hint)
  }

  private func broken() -> PostgresError {
    isUsable = false
    let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    let reason = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return PostgresError(.lost, "the connection was lost: \(reason.isEmpty ? "no answer" : reason)")
  }

  private func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let left = deadline - .now
      guard left > .zero else { return false }
      let milliseconds = min(left.nanosecondCount / 1_000_000 + 1, 60_000)
      var polled = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
      let count = poll(&polled, 1, Int32(milliseconds))
      if count > 0 || (count < 0 && errno != EINTR) { return true }
    }
  }
}

import Foundation
import Glibc
package import Postgres
import Synchronization

/// A real PostgreSQL in a temporary folder, on 127.0.0.1, ended with this process however that ends.
package final class PostgresServer: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// The folder of `initdb` and `postgres`; nil when it is not installed (Debian: postgresql).
  package static let programs: String? = {
    let parent = "/usr/lib/postgresql"
    let versions = ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).compactMap { Int($0) }
    let folders = versions.sorted(by: >).map { "\(parent)/\($0)/bin" } + ["/usr/local/bin", "/usr/bin"]
    return folders.first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
  }()

  private static let ofProcess: Result<PostgresServer, any Error> = Result { try PostgresServer() }

  /// The one of this test process, started when it is first needed.
  package static func shared() async throws -> PostgresServer {
    try await blocking { try ofProcess.get() }
  }

  /// Starts a cluster of its own.
  package static func make(tls: Bool = false) async throws -> PostgresServer {
    try await blocking { try PostgresServer(tls: tls, like: try ofProcess.get()) }
  }

  /// With `tls`: its certificate, for the address 127.0.0.1, which is its own authority.
  package var certificate: String { folder + "/certificate.pem" }

  /// Runs what blocks on a thread of its own: there are as many cooperative threads as cores.
  private static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      LoopbackServer.thread { continuation.resume(with: Result { try work() }) }
    }
  }

  package let port: Int
  private let folder: String
  private let options: String
  private let programs: String
  /// Ends the server when this process is gone.
  private let end: EndGuard
  /// Makes and drops databases.
  private let administration: PostgresPool
  private let makesAhead: Bool
  /// The next database by its template, on the way while a test runs.
  private let ahead = Mutex<[String: Task<String, any Error>]>([:])

  /// Makes a cluster, or copies one as it was made, and starts it.
  private init(tls: Bool = false, like original: PostgresServer? = nil) throws {
    makesAhead = original == nil
    guard let programs = Self.programs else { throw Failure(description: "PostgreSQL is not installed") }
    self.programs = programs
    folder = FileManager.default.temporaryDirectory.appending(path: "outgrown-pg-\(UUID().uuidString.prefix(8))").path
    port = try FreePort.find()
    administration = PostgresPool(
      try PostgresConfiguration(url: "postgres://pg@127.0.0.1:\(port)/postgres?pool_max=3"))
    options =
      "-p \(port) -k \(folder) -c listen_addresses=127.0.0.1 -c max_connections=300 -c lc_messages=C"
      + " -c fsync=off -c full_page_writes=off -c deadlock_timeout=50ms"
      + (tls ? " -c ssl=on -c ssl_cert_file=\(folder)/certificate.pem -c ssl_key_file=\(folder)/key.pem" : "")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    end = try EndGuard(
      "kill -QUIT $(head -1 \(folder)/data/postmaster.pid) 2>/dev/null; sleep 0.3; rm -rf \(folder)")
    if geteuid() == 0, let user = getpwnam("postgres") { chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) }
    if let original {
      try shell("cp -a \(original.folder)/made \(folder)/data")
    } else {
      try shell(
        """
        env -u LD_PRELOAD \(programs)/initdb -D \(folder)/made -U pg -A trust --no-sync -E UTF8 --locale=C \
        >\(folder)/initdb.log 2>&1 && cp -a \(folder)/made \(folder)/data
        """)
    }
    if tls {
      try shell(
        """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout \(folder)/key.pem -out \(folder)/certificate.pem 2>/dev/null; \
        chmod 600 \(folder)/key.pem
        """)
    }
    try startProcess()
  }

  package func start() async throws { try await Self.blocking { [self] in try startProcess() } }

  /// On its own clock, also where this process's is shifted: its alarm handler would take the one for the other, as
  /// faketime shifts nothing within a wait, and end statements whose time is not up.
  private func startProcess() throws {
    try shell(
      "env -u LD_PRELOAD \(programs)/pg_ctl -D \(folder)/data -w -t 30 -l \(folder)/log -o '\(options)' start >/dev/null"
    )
  }

  /// Kills it at once, as a crash does: nothing is finished, the next start recovers.
  package func crash() async throws {
    try await Self.blocking { [self] in
      try shell("\(programs)/pg_ctl -D \(folder)/data -m immediate -w -t 30 stop >/dev/null")
    }
  }

  /// Sends the server and all its sessions a signal, such as STOP.
  package func signal(_ name: String) async throws {
    try await Self.blocking { [self] in
      try shell("p=$(head -1 \(folder)/data/postmaster.pid); kill -\(name) $p $(pgrep -P $p)")
    }
  }

  package func url(database: String, options: String = "") -> String {
    "postgres://pg@127.0.0.1:\(port)/\(database)\(options.isEmpty ? "" : "?" + options)"
  }

  /// Makes a database for the time of `body`: an empty one, or a copy of a template.
  package func withDatabase<Result>(
    copying template: PostgresTemplate? = nil, _ body: (PostgresDatabase) async throws -> Result
  ) async throws -> Result {
    let name = try await nextDatabase(copying: template?.name ?? "template1")
    // Nobody waits for the end of it. A server that a test has killed takes its databases along with it.
    defer { Task { [administration] in try? await Self.drop(name, on: administration) } }
    return try await body(PostgresDatabase(server: self, name: name))
  }

  /// A database that others can be copied from, which takes less than to do again what `prepare` does.
  package func makeTemplate(_ prepare: (PostgresDatabase) async throws -> Void) async throws -> PostgresTemplate {
    let name = try await Self.create(copying: "template1", on: administration)
    try await prepare(PostgresDatabase(server: self, name: name))
    return PostgresTemplate(name: name)
  }

  private func nextDatabase(copying template: String) async throws -> String {
    guard makesAhead else { return try await Self.create(copying: template, on: administration) }
    let ready = ahead.withLock { ahead in
      let ready = ahead[template]
      ahead[template] = Task { [administration] in try await Self.create(copying: template, on: administration) }
      return ready
    }
    if let name = try? await ready?.value { return name }
    return try await Self.create(copying: template, on: administration)
  }

  private static func create(copying template: String, on pool: PostgresPool) async throws -> String {
    let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(12)
    try await pool.read(patience: .seconds(30)) {
      _ = try $0.query(PostgresSQL(trusted: "CREATE DATABASE \(name) TEMPLATE \(template)"))
    }
    return name
  }

  private static func drop(_ name: String, on pool: PostgresPool) async throws {
    try await pool.read { _ = try $0.query(PostgresSQL(trusted: "DROP DATABASE IF EXISTS \(name) WITH (FORCE)")) }
  }

  /// PostgreSQL refuses to run as root.
  private func shell(_ command: String) throws {
    let start = geteuid() == 0 ? ["/bin/su", "postgres", "-s", "/bin/sh", "-c", command] : ["/bin/sh", "-c", command]
    let status = ShellCommand.run(start, in: folder)
    guard status == 0 else {
      let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
      throw Failure(
        description: "PostgreSQL: \(command) ended with \(status ?? -1): \(log.suffix(1_000))")
    }
  }
}

/// A database to copy, to which nobody is connected.
package struct PostgresTemplate: Sendable {
  fileprivate let name: String
}

/// A database of its own on a server that a test uses.
package struct PostgresDatabase: Sendable {
  package let server: PostgresServer
  package let name: String

  package var url: String { server.url(database: name) }

  package func configuration(_ options: String = "") throws -> PostgresConfiguration {
    try PostgresConfiguration(url: server.url(database: name, options: options))
  }

  /// The database of the test that runs, with the trait `.postgres`.
  @TaskLocal package static var current: PostgresDatabase?
}

import AppDomain
import AppStore
import Foundation
import Synchronization
import Terminal
import TestSupport
import Testing
import Timers

/// `outgrown app scrape`, as a user runs it.
@Suite(.timeLimit(.minutes(2)))
struct ScrapeEndToEndTests {
  /// What a page of one worksheet of a day that never comes to an end gives.
  private static func site(_ rows: String, tab: String = #"01\/01\/2100 FRIDAY"#)
    -> @Sendable (String) -> LoopbackServer.Answer
  {
    { head in
      let target = head.split(separator: " ").dropFirst().first ?? ""
      let body =
        target.hasPrefix("/list")
        ? #"items.push({name: "\#(tab)", pageUrl: "\/sheet", gid: "1"});"#
        : target.hasPrefix("/sheet") ? "<table class=\"waffle\">\(rows)</table>" : "<iframe src='/list?gid=1'></iframe>"
      return .init(body: Array(body.utf8))
    }
  }

  private static let rows = """
    <tr><td>S.NO</td><td>DOCTOR'S NAME</td><td>SPECIALISTS</td><td>ROOM NO.</td><td>TIMING</td></tr>
    <tr><td>1</td><td>Dr. V- MBBS<br>MD</td><td>Physician</td><td>Room&nbsp;8</td><td>20:00 - 08:00</td></tr>
    <tr><td>2</td><td>Dr. W</td><td></td><td></td><td>On  call</td></tr>
    """

  @Test("prints what was read as JSON, warnings on stderr")
  func json() async throws {
    let server = try LoopbackServer(answer: Self.site(Self.rows))
    defer { server.stop() }
    try await withTemporaryDirectory { directory in
      let command = try BuiltExecutable(
        ["app", "scrape", "--source", server.url + "/", "--json"], in: directory, output: directory + "/out")
      #expect(await command.exitStatus() == 0, "\(command.log)")
      #expect(
        try String(contentsOfFile: directory + "/out", encoding: .utf8) == """
          [{"date":"2100-01-01","sheet":"01/01/2100 FRIDAY","category":"Visiting Specialist","name":"Dr. V",\
          "qualification":"MBBS MD","speciality":"Physician","room":"Room 8","timing":"20:00 - 08:00","shift":null,\
          "starts_at":"2100-01-01T20:00:00+05:30","ends_at":"2100-01-02T08:00:00+05:30"},\
          {"date":"2100-01-01","sheet":"01/01/2100 FRIDAY","category":"Visiting Specialist","name":"Dr. W",\
          "qualification":null,"speciality":null,"room":null,"timing":"On call","shift":null,"starts_at":null,\
          "ends_at":null}]

          """)
      #expect(command.log.contains("1 of 2 timings") && command.log.contains("'On call'"))
      #expect(command.log.contains("2 duties on 1 day; 1 timing not read"))
    }
  }

  @Test("a day of those to come that shrinks is stored only when it is accepted")
  func acceptShrink() async throws {
    let names = (0..<5).map { "<tr><td>Dr. \($0)<td>9 AM - 1 PM<td>I" }
    let header = "<tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT"
    let body = Mutex(header + names.joined())
    let server = try LoopbackServer { head in Self.site(body.withLock { $0 })(head) }
    defer { server.stop() }
    try await withTemporaryDirectory { directory in
      let arguments = ["app", "scrape", "--source", server.url + "/", "--into", "sqlite:test.sqlite"]
      let first = try BuiltExecutable(arguments, in: directory)
      #expect(await first.exitStatus() == 0 && first.log.contains("5 added"), "\(first.log)")
      body.withLock { $0 = header + names[0] + names[1] }
      let second = try BuiltExecutable(arguments, in: directory)
      #expect(await second.exitStatus() == Terminal.ExitStatus.badData.rawValue)
      #expect(second.log.contains("01/01/2100 would shrink from 5 rows to 2"), "\(second.log)")
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      #expect(try await store.rowCounts().values.reduce(0, +) == 5)
      let third = try BuiltExecutable(arguments + ["--accept-shrink"], in: directory)
      #expect(await third.exitStatus() == 0 && third.log.contains("3 removed"), "\(third.log)")
      #expect(try await store.rowCounts().values.reduce(0, +) == 2)
      try await store.close()
    }
  }

  @Test(
    "ends with 65 where there is no schedule, and with 69 where nobody answers",
    arguments: [
      ("<tr><td>1<td>Dr. A<td>9-10 AM", "01/01/2100", Terminal.ExitStatus.badData, "no header"),
      ("<tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT", "01/01/2100", .badData, "none of 1 worksheets"),
      ("", "Notes", .badData, "holds no date"),
    ])
  func nothing(rows: String, tab: String, code: Terminal.ExitStatus, mention: String) async throws {
    let server = try LoopbackServer(answer: Self.site(rows, tab: tab))
    defer { server.stop() }
    try await withTemporaryDirectory { directory in
      let command = try BuiltExecutable(["app", "scrape", "--source", server.url, "--json"], in: directory)
      #expect(await command.exitStatus() == code.rawValue)
      #expect(command.log.contains(mention), "\(command.log)")
    }
  }

  @Test(
    "what can't be done says why and ends with its exit code",
    arguments: [
      (["--source", "http://127.0.0.1:9/"], Terminal.ExitStatus.unavailable, "127.0.0.1"),
      (["--source", "ftp://x/"], .invalidConfiguration, "ftp://x/"), (["--accept-shrink"], .usage, "--into"),
      (["--source", "http://127.0.0.1:9/", "--into", "nonsense"], .invalidConfiguration, "--into"),
    ])
  func refused(arguments: [String], code: Terminal.ExitStatus, mention: String) async throws {
    try await withTemporaryDirectory { directory in
      let command = try BuiltExecutable(["app", "scrape"] + arguments, in: directory)
      #expect(await command.exitStatus() == code.rawValue, "\(command.log)")
      #expect(command.log.contains(mention), "\(command.log)")
    }
  }

  @Test("a service that is stopped while its source is silent ends soon, and gives its lead back")
  func stoppedWhileScraping() async throws {
    let asked = SharedFlag()
    let server = try LoopbackServer { _ in
      asked.raise()
      return .init(bytes: [], hangs: true)
    }
    defer { server.stop() }
    try await withTemporaryDirectory { directory in
      let service = try BuiltExecutable(
        ["app", "serve", "--source", server.url + "/"], in: directory,
        environment: ["PORT": "0", "DATABASE_URL": "sqlite:test.sqlite"])
      await Waiting.until { asked.isRaised }
      let start = ContinuousClock.now
      service.signal(SIGTERM)
      #expect(await service.exitStatus() == 0, "\(service.log)")
      #expect(ContinuousClock.now - start < .seconds(10))
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      #expect(try await store.leader() == nil)
      try await store.close()
    }
  }

  private final class SharedFlag: Sendable {
    private let flag = Mutex(false)
    var isRaised: Bool { flag.withLock { $0 } }
    func raise() { flag.withLock { $0 = true } }
  }

  @Test(
    "a service that is killed in the middle of a scrape leaves the store as it was before or is after", arguments: 0..<6
  )
  func killed(round: Int) async throws {
    // Enough rows that the write takes a while, so that kills fall before, into and after it.
    let header = "<tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT"
    func page(_ word: String) -> String {
      header + (0..<400).map { "<tr><td>Dr. \(word) \($0)<td>9 AM - 1 PM<td>I" }.joined()
    }
    let body = Mutex(page("Old"))
    let server = try LoopbackServer { head in Self.site(body.withLock { $0 })(head) }
    defer { server.stop() }
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      let service = try BuiltExecutable(
        ["app", "serve", "--source", server.url + "/", "--ready-file", directory + "/app.json"], in: directory,
        environment: ["PORT": "0", "DATABASE_URL": "sqlite:\(path)"])
      let port = try await service.ready(directory + "/app.json").port
      body.withLock { $0 = page("New") }
      async let asked = try? WireClient.send("POST", "/ingest-scraped-data", port: port)
      try await TimerThread().wait(.milliseconds(5 + 15 * round))
      service.signal(SIGKILL)
      _ = await service.exitStatus()
      _ = await asked
      let store = try await SQLScheduleStore(path: path)
      let words = Set(try await store.duties(sheetContaining: nil).map { $0.duty.name.split(separator: " ")[1] })
      #expect(words.count == 1 && (words == ["Old"] || words == ["New"]), "\(words)")
      #expect(try await store.rowCounts().values.reduce(0, +) == 400)
      // Changes are told exactly when they were made.
      let changes = try await store.changes(after: 0, limit: 5_000).count
      #expect(changes == (words == ["Old"] ? 400 : 1_200))
      try await store.close()
    }
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

@testable import MonitorCommand
@testable import Visits

@Suite struct AccessLogTailTests {
  private static let later = 1_795_700_000.0

  private static func line(_ second: Int, client: String = "10.0.0.1", agent: String = "Mozilla/5.0") -> String {
    "\(client) - - [25/Nov/2026:16:00:\(second < 10 ? "0" : "")\(second) +0000] \"GET /a HTTP/1.1\" 200 12 \"-\" \"\(agent)\"\n"
  }

  private static func append(_ text: String, to path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test("a log is followed from its end, over half lines and truncation")
  func following() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      try Self.write(Self.line(1), to: path)
      var tail = AccessLogTail(path: path)
      #expect(tail.read(at: Self.later).isEmpty)
      let text = Self.line(2) + Self.line(3, agent: "UptimeRobot/2.0")
      try Self.append(String(text.prefix(120)), to: path)
      let first = tail.read(at: Self.later)
      try Self.append(String(text.dropFirst(120)), to: path)
      let second = tail.read(at: Self.later)
      #expect((first + second).map(\.isVisit) == [true, false])
      #expect((first + second).map(\.at) == [1_795_622_402, 1_795_622_403])
      try Self.append(
        Self.line(4) + Self.line(5, client: "10.0.0.2") + Self.line(6, agent: "Outgrown/0.1.0 (monitor)")
          + Self.line(7, agent: "Outgrown/0.1.0 (load test; +x)") + Self.line(8, agent: "Render/1.0"), to: path)
      let more = tail.read(at: Self.later)
      #expect(more.map(\.isVisit) == [false, true, false, false] && more.map(\.isOwn) == [false, false, true, false])
      try Data().write(to: URL(filePath: path), options: [])
      _ = tail.read(at: Self.later)
      try Self.append(Self.line(7, client: "10.0.0.3"), to: path)
      #expect(tail.read(at: Self.later).count == 1)
    }
  }

  @Test("a log that names its fields is read by the names at its beginning, until it names others")
  func namedFields() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/u_ex.log"
      try Self.write(
        "#Version: 1.0\r\n#Fields: date time c-ip cs-method cs-uri-stem\r\n"
          + "2026-11-25 16:00:01 10.0.0.1 GET /a\r\n", to: path)
      var tail = AccessLogTail(path: path)
      #expect(tail.read(at: Self.later).isEmpty)
      try Self.append(
        "2026-11-25 16:00:02 10.0.0.2 GET /a\r\n#Fields: date time cs-method cs-uri-stem cs(User-Agent) c-ip\r\n"
          + "2026-11-25 16:00:03 GET /a UptimeRobot/2.0 10.0.0.3\r\n", to: path)
      let requests = tail.read(at: Self.later)
      #expect(requests.map(\.at) == [1_795_622_402, 1_795_622_403] && requests.map(\.isVisit) == [true, false])
      #expect(tail.takeNotes() == [])
    }
  }

  @Test("objects of JSON are followed over several lines, also where they are half written")
  func objects() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.json"
      try Self.write("", to: path)
      var tail = AccessLogTail(path: path)
      _ = tail.read(at: Self.later)
      let object = """
        {
          "ts": "2026-11-25T16:00:02Z", "method": "GET",
          "path": "/a", "client_ip": "203.0.113.9"
        }

        """
      try Self.append(String(object.prefix(70)), to: path)
      #expect(tail.read(at: Self.later).isEmpty)
      try Self.append(object.dropFirst(70) + object.replacing("113.9", with: "113.8"), to: path)
      let requests = tail.read(at: Self.later)
      #expect(requests.map(\.isVisit) == [true, true] && requests.map(\.at) == [1_795_622_402, 1_795_622_402])
      #expect(tail.takeNotes() == [])
    }
  }

  @Test("a rotated log is read to its end, then the new one from its beginning")
  func rotation() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      try Self.write(Self.line(1), to: path)
      var tail = AccessLogTail(path: path)
      _ = tail.read(at: Self.later)
      try Self.append(Self.line(2, client: "10.0.0.2"), to: path)
      try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
      // Written to the old one after it was moved, the last line without its end.
      try Self.append(Self.line(3, client: "10.0.0.3") + Self.line(4, client: "10.0.0.4").dropLast(), to: path + ".1")
      let moved = tail.read(at: Self.later)
      try Self.write(Self.line(5, client: "10.0.0.5") + Self.line(6, client: "10.0.0.6"), to: path)
      let renewed = tail.read(at: Self.later)
      #expect((moved + renewed).map { Int($0.at) - 1_795_622_400 } == [2, 3, 4, 5, 6])
      // Replaced at once, as `mv` does.
      try Data(Self.line(8, client: "10.0.0.8").utf8).write(to: URL(filePath: path), options: .atomic)
      #expect(tail.read(at: Self.later).count == 1)
    }
  }

  @Test("a log that is made later is read from its beginning, and waited for aloud")
  func later() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      var tail = AccessLogTail(path: path)
      #expect(tail.read(at: Self.later).isEmpty)
      #expect(tail.takeNotes().first?.contains("it is waited for") == true && tail.takeNotes().isEmpty)
      try Self.write(Self.line(1) + Self.line(2), to: path)
      #expect(tail.read(at: Self.later).map(\.isVisit) == [true, false])
    }
  }

  @Test("forms are those that logs are read in elsewhere; without a time or a zone a line counts as it comes")
  func forms() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      var tail = AccessLogTail(path: path)
      _ = tail.read(at: 0)
      try Self.write(
        #"www.example.com:443 203.0.113.9 - - [25/Nov/2026:16:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0""#
          + "\n"
          + #"{"ts":1795622402.5,"request":{"remote_ip":"203.0.113.8","method":"GET","uri":"/"},"status":200}"# + "\n"
          + #"INFO:     203.0.113.7:5000 - "GET / HTTP/1.1" 200 OK"# + "\nstarted\n", to: path)
      let seen = tail.read(at: Self.later)
      #expect(seen.map(\.at) == [1_795_622_401, 1_795_622_402.5, Self.later] && seen.allSatisfy(\.isVisit))
      #expect(tail.takeNotes().count == 1)
    }
  }

  @Test("lines that can't be read are said, with the format to try, and reset the idle clock all the same")
  func unknown() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      try Self.write("", to: path)
      var tail = AccessLogTail(path: path)
      _ = tail.read(at: 0)
      let line =
        #"https 2026-11-25T16:00:00Z app/lb/50 203.0.113.9:2817 10.0.0.1:80 0 0 0 200 200 34 366 "GET https://e/ HTTP/1.1" "Mozilla/5.0" x"#
      try Self.append(line + "\n" + line + "\n", to: path)
      #expect(tail.read(at: Self.later).map(\.at) == [Self.later, Self.later])
      let notes = tail.takeNotes()
      #expect(notes.count == 1 && notes[0].contains("lines can't be read") && notes[0].contains("log_format: '"))
      let notation = try #require(LogForm.proposal(for: Array(line.utf8)[...]))
      var told = AccessLogTail(path: path, format: try LogForm(notation: notation))
      _ = told.read(at: 0)
      try Self.append(line + "\n", to: path)
      #expect(told.read(at: Self.later) == [.init(at: 1_795_622_400, isVisit: true, isOwn: false)])
      #expect(told.takeNotes().isEmpty)
    }
  }

  @Test("what is no plain file, or no text, is said")
  func unreadable() async throws {
    try await withTemporaryDirectory { folder in
      var directory = AccessLogTail(path: folder)
      #expect(directory.read(at: 0).isEmpty)
      #expect(directory.takeNotes().first?.contains("no plain file") == true)
      var packed = AccessLogTail(path: folder + "/a.gz")
      _ = packed.read(at: 0)
      _ = packed.takeNotes()
      try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x0A]).write(to: URL(filePath: folder + "/a.gz"))
      _ = packed.read(at: 0)
      #expect(packed.takeNotes().first?.contains("not plain text") == true)
    }
  }

  @Test("a pipe, a device or a folder is no log: refused at once, and never waited for")
  func noFile() async throws {
    try await withTemporaryDirectory { directory in
      #expect(mkfifo(directory + "/pipe", 0o600) == 0)
      for path in [directory + "/pipe", directory, "/dev/zero"] {
        #expect(AccessLogTail.refusal(of: path)?.contains(path) == true)
        var tail = AccessLogTail(path: path)
        #expect(tail.read(at: 0).isEmpty)
      }
      #expect(AccessLogTail.refusal(of: directory + "/later.log") == nil)
    }
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

@testable import MonitorCommand

@Suite struct AccessLogTailTests {
  private static func line(_ second: Int, client: String = "10.0.0.1", agent: String = "Mozilla/5.0") -> String {
    "\(client) - - [25/Nov/2026:16:00:\(second < 10 ? "0" : "")\(second) +0000] \"GET /a HTTP/1.1\" 200 12 \"-\" \"\(agent)\"\n"
  }

  @Test("the combined format is read, with zones and fractions; anything else is not")
  func lines() {
    let line = AccessLogLine(
      #"1.2.3.4 - bob [25/Nov/2026:21:30:00.250 +0530] "GET /a?b HTTP/1.1" 200 12 "-" "curl/8""#)
    #expect(line?.at == 1_795_622_400.25 && line?.client == "1.2.3.4" && line?.agent == "curl/8")
    #expect(AccessLogLine(#"1.2.3.4 - - [29/Feb/2024:12:34:56 +0000] "GET / HTTP/1.1" 200 12"#)?.at == 1_709_210_096)
    for text in ["", "garbage", #"1.2.3.4 - - [99/Xxx/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1"#] {
      #expect(AccessLogLine(text) == nil)
    }
  }

  @Test("a log is followed from its end, over half lines, truncation and replacement")
  func following() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      let url = URL(filePath: path)
      try Data(Self.line(1).utf8).write(to: url)
      var tail = AccessLogTail(path: path)
      #expect(tail.read().isEmpty)
      func append(_ text: String) throws {
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
      }
      let text = Self.line(2) + Self.line(3, agent: "UptimeRobot/2.0")
      try append(String(text.prefix(120)))
      let first = tail.read()
      try append(String(text.dropFirst(120)))
      let second = tail.read()
      #expect((first + second).map(\.isVisit) == [true, false])
      try append(Self.line(4) + Self.line(5, client: "10.0.0.2") + Self.line(6, agent: "Outgrown/0.1.0 (monitor)"))
      let more = tail.read()
      #expect(more.map(\.isVisit) == [false, true, false] && more.map(\.isOwn) == [false, false, true])
      // Cut to a shorter one, then replaced.
      try Data("".utf8).write(to: url, options: [])
      _ = tail.read()
      try append(Self.line(7, client: "10.0.0.3"))
      #expect(tail.read().count == 1)
      try Data(Self.line(8, client: "10.0.0.4").utf8).write(to: url, options: .atomic)
      #expect(tail.read().count == 1)
    }
  }

  @Test("a pipe, a device or a folder is no log: refused at once, and never waited for")
  func noFile() async throws {
    try await withTemporaryDirectory { directory in
      #expect(mkfifo(directory + "/pipe", 0o600) == 0)
      for path in [directory + "/pipe", directory, "/dev/zero"] {
        #expect(AccessLogTail.refusal(of: path)?.contains(path) == true)
        var tail = AccessLogTail(path: path)
        #expect(tail.read().isEmpty)
      }
      #expect(AccessLogTail.refusal(of: directory + "/later.log") == nil)
    }
  }
}

import Foundation
import HTTPService
import TestSupport
import Testing

struct ReadyFileTests {
  @Test("one line of JSON with url, host, port, pid and boot_id")
  func content() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/ready.json"
      try ReadyFile(path: path).write(ListeningAddress(host: "127.0.0.1", port: 81), bootID: "b1")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let pid = ProcessInfo.processInfo.processIdentifier
      #expect(
        text == #"{"url":"http://127.0.0.1:81","host":"127.0.0.1","port":81,"pid":\#(pid),"boot_id":"b1"}"# + "\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["ready.json"])
    }
  }

  @Test("what an earlier process left is taken away")
  func cleared() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/ready.json"
      try Data("old".utf8).write(to: URL(fileURLWithPath: path))
      try ReadyFile(path: path).clear()
      #expect(!FileManager.default.fileExists(atPath: path))
      try ReadyFile(path: path).clear()
    }
  }

  @Test("a directory that is missing is named")
  func unwritable() throws {
    let file = ReadyFile(path: "/nonexistent-directory/ready.json")
    let error = #expect(throws: HTTPServiceError.self) {
      try file.write(ListeningAddress(host: "h", port: 1), bootID: "b")
    }
    #expect(error?.code == .readyFileUnwritable)
    #expect(error?.description.contains("/nonexistent-directory/ready.json") == true)
  }
}

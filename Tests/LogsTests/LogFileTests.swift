import Foundation
import Glibc
import TestSupport
import Testing

@testable import Logs

struct LogFileTests {
  private static func sizes(_ path: String) -> [Int?] {
    ([""] + (1...7).map { ".\($0)" }).map { end in
      var found = stat()
      return stat(path + end, &found) == 0 ? Int(found.st_size) : nil
    }
  }

  @Test("a file has ten million bytes and not one more, and five older ones are kept")
  func rotation() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/app.log"
      let log = try LogFile(path: path)
      // 10,000 lines fill it to the byte.
      let line = String(repeating: "x", count: 999) + "\n"
      for number in 1...10_000 * 7 {
        log.write(line)
        if number == 10_000 { #expect(Self.sizes(path).compactMap(\.self) == [10_000_000]) }
        if number == 10_001 { #expect(Self.sizes(path).compactMap(\.self) == [1_000, 10_000_000]) }
      }
      #expect(Self.sizes(path) == Array(repeating: 10_000_000, count: 6) + [nil, nil])
    }
  }

  @Test("no line is lost or cut when it is moved by many at once")
  func writers() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/app.log"
      // Two that know nothing of each other, as two processes do.
      let logs = [
        try LogFile(path: path, size: 1_000, count: 1_000), try LogFile(path: path, size: 1_000, count: 1_000),
      ]
      await withTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
          group.addTask { for line in 0..<200 { logs[writer % 2].write("\(writer).\(line)\n") } }
        }
      }
      var lines: [String] = []
      for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
        lines += try String(contentsOfFile: directory + "/" + name, encoding: .utf8).split(separator: "\n").map(
          String.init)
      }
      #expect(lines.count == 1_600 && Set(lines).count == 1_600)
    }
  }

  @Test("what others move, empty or delete goes on in a file of the name")
  func logrotate() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/app.log"
      let log = try LogFile(path: path)
      func content(_ name: String) throws -> String { try String(contentsOfFile: directory + name, encoding: .utf8) }
      log.write("one\n")
      rename(path, path + ".moved")
      log.write("two\n")
      #expect(try content("/app.log") == "two\n" && content("/app.log.moved") == "one\n")
      truncate(path, 0)
      log.write("three\n")
      #expect(try content("/app.log") == "three\n")
      unlink(path)
      log.write("four\n")
      #expect(try content("/app.log") == "four\n")
    }
  }

  @Test(
    "a full disk leaves lines out whole, and they are counted once there is room",
    .enabled(if: geteuid() == 0, "mounting needs root"))
  func full() async throws {
    try await withTemporaryDirectory { directory in
      try #require(mount("tmpfs", directory, "tmpfs", 0, "size=64k") == 0)
      defer { umount2(directory, Int32(MNT_DETACH)) }
      let path = directory + "/app.log"
      let log = try LogFile(path: path)
      let line = String(repeating: "y", count: 2_999) + "\n"
      var written = 0
      while log.write(line) { written += 1 }
      #expect(!log.write(line))
      #expect(try String(contentsOfFile: path, encoding: .utf8).utf8.count == written * 3_000)
      truncate(path, 0)
      #expect(log.write("room\n"))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "room\n2 lines were lost: there was no room\n")
    }
  }

  @Test("where the folder goes away nothing is written, and nothing ends; it comes back with it")
  func gone() async throws {
    try await withTemporaryDirectory { directory in
      let folder = directory + "/logs"
      mkdir(folder, 0o755)
      let log = try LogFile(path: folder + "/app.log")
      unlink(folder + "/app.log")
      rmdir(folder)
      #expect(!log.write("lost\n"))
      mkdir(folder, 0o755)
      #expect(log.write("back\n"))
    }
  }
}

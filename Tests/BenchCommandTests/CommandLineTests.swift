import ArgumentParser
import BenchScenario
import Foundation
import TestSupport
import Testing

@testable import BenchCommand

/// The line that a run is asked for with: what it is told where it is wrong, and where its reports go.
@Suite struct CommandLineTests {
  @Test(
    "each URL has a folder of its own, the same every time",
    arguments: [
      ("http://127.0.0.1:8000", "127.0.0.1-8000"), ("http://127.0.0.1:8000/", "127.0.0.1-8000"),
      ("http://127.0.0.1:8000/v1/schedules", "127.0.0.1-8000_v1_schedules"), ("https://Example.com/", "example.com"),
      ("http://example.com/", "example.com-80"), ("https://my-app.example.com/a-b.html", "my-app.example.com_a-b.html"),
    ])
  func folder(url: String, name: String) throws {
    #expect(try FolderName.from(url: url, method: "GET") == name)
  }

  @Test("no two URLs share a folder, and none leads out of it")
  func folders() throws {
    let long = "http://h/" + String(repeating: "a", count: 200)
    let urls = [
      "http://h", "https://h", "http://h:8080", "http://h/8080", "http://h/a/b", "http://h/a_b", "http://h/a-b",
      "http://h/a%2Fb", "http://h/a/b/", "http://h//a/b", "http://h/a?b", "http://h/a?c", "http://h/?a", "http://h/..",
      "http://h/../x", "http://h/A", "http://h/a", "http://[::1]/", "http://[::2]/", long, long + "b", "http://h/POST",
      "http://h/é", "http://h/è",
    ]
    var names = try urls.map { try FolderName.from(url: $0, method: "get") }
    names.append(try FolderName.from(url: "http://h", method: "POST"))
    names.append(try FolderName.from(url: "http://h", method: "PUT"))
    #expect(Set(names).count == names.count, "\(names)")
    #expect(names.allSatisfy { !$0.contains("/") && !$0.hasPrefix(".") && $0.utf8.count <= 100 })
  }

  @Test("no option that other tools are said to call otherwise is one of the command's own")
  func borrowed() {
    func reads(_ command: (some Any).Type, _ parse: ([String]) throws -> Void, _ options: [String: String]) {
      for (option, advice) in options {
        #expect(throws: (any Error).self, "\(command) has \(option)") { try parse([option, "1"]) }
        #expect(!advice.isEmpty)
      }
    }
    reads(QuickCommand.self, { _ = try QuickCommand.parse(["http://h"] + $0) }, QuickCommand.borrowedOptions)
    reads(BenchRunCommand.self, { _ = try BenchRunCommand.parse(["s.yaml"] + $0) }, BenchRunCommand.borrowedOptions)
  }

  @Test(
    "whoever comes from wrk, ab, hey, k6 or vegeta finds the word",
    arguments: ["--duration", "-n", "-c", "-z", "-d", "-t", "-k"])
  func peers(option: String) throws {
    let advice = try #require(QuickCommand.borrowedOptions[option])
    let own = advice.split { !($0.isLetter || $0 == "-") }.filter { $0.hasPrefix("--") }.map(String.init)
    #expect(!own.isEmpty)
    for word in own {
      // What it is pointed to is an option that there is.
      #expect(try isKnown(word), "\(word)")
    }
  }

  private func isKnown(_ option: String) throws -> Bool {
    for arguments in [[option], [option, "1"], [option, "1s"]] {
      if (try? QuickCommand.parse(["http://h"] + arguments)) != nil { return true }
    }
    return false
  }

  /// Runs the executable to its end, within a second or so.
  private func outgrown(_ arguments: [String], in folder: String) async throws -> (code: Int32?, errors: String) {
    let process = try BuiltExecutable(arguments, in: folder, output: folder + "/output")
    return (await process.exitStatus(), process.log)
  }

  @Test(
    "the executable points to the right word and exits with 64",
    arguments: [
      (["decied"], "unknown command 'decied': did you mean 'decide'?"),
      (["mointor", "run"], "unknown command 'mointor': did you mean 'monitor'?"),
      (["bench", "rnu"], "unknown command 'rnu': did you mean 'run'?"),
      (["provision", "linnt"], "unknown command 'linnt': did you mean 'lint'?"),
      (["bench", "http://127.0.0.1:9", "--duration", "3s"], "unknown option '--duration': did you mean '--for'?"),
      (["bench", "http://127.0.0.1:9", "-c100"], "unknown option '-c': did you mean '--users'?"),
      (["bench", "run", "s.yaml", "-d", "3s"], "unknown option '-d': the scenario says it: 'load: hold'"),
    ])
  func executable(arguments: [String], message: String) async throws {
    try await withTemporaryDirectory { folder in
      let (code, errors) = try await outgrown(arguments, in: folder)
      #expect(code == 64)
      #expect(errors.hasPrefix("outgrown: \(message)"), "\(errors)")
    }
  }

  @Test("runs of two URLs leave the reports of both")
  func twoRuns() async throws {
    let server = try LoopbackServer { _ in .init(body: Array("ok".utf8)) }
    defer { server.stop() }
    try await withTemporaryDirectory { folder in
      for path in ["/", "/other"] {
        let line = ["bench", server.url + path, "--users", "1", "--for", "200ms"]
        #expect(try await outgrown(line, in: folder).code == 0)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/out/bench").sorted()
      #expect(names == ["127.0.0.1-\(server.port)", "127.0.0.1-\(server.port)_other"])
    }
  }
}

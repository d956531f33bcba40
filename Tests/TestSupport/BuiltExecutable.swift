package import Foundation
import Terminal
import Testing

/// A running `outgrown`, as a user would start it.
package final class BuiltExecutable {
  /// What a ready file says.
  package struct Ready: Decodable {
    package var url: String
    package var host: String
    package var port: Int
    package var pid: Int32
    package var boot_id: String
  }

  private let process = Process()
  private let errors: URL
  private let ended: AsyncStream<Int32>

  /// What a faked clock of this process is made of, for those that have to agree with it on the time; else empty.
  package static var clock: [String: String] {
    ProcessInfo.processInfo.environment.filter {
      ["LD_PRELOAD", "TZ"].contains($0.key) || $0.key.hasPrefix("FAKETIME")
    }
  }

  /// Starts `outgrown` in `directory`, with nothing of this process' environment but PATH.
  /// - Parameter output: the file that gets what is printed; this process' own output when nil.
  package init(
    _ arguments: [String], in directory: String, environment: [String: String] = [:], output: String? = nil
  ) throws {
    // Tests run from the directory that the executable was built into.
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.executableURL = tests.deletingLastPathComponent().appending(path: "outgrown")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
    errors = URL(fileURLWithPath: directory + "/stderr-\(UUID().uuidString)")
    try Data().write(to: errors)
    if let output {
      try Data().write(to: URL(filePath: output))
      process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    }
    process.standardError = try FileHandle(forWritingTo: errors)
    let (ended, continuation) = AsyncStream<Int32>.makeStream()
    self.ended = ended
    process.terminationHandler = { process in
      continuation.yield(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
      continuation.finish()
    }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  package var pid: Int32 { process.processIdentifier }

  /// What it writes to stderr.
  package var errorFile: URL { errors }

  package var log: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// The exit status, negative for the signal that ended it.
  package func exitStatus() async -> Int32? {
    for await status in ended { return status }
    return nil
  }

  /// Waits for the ready file of this process, 30 s at most.
  package func ready(_ path: String) async throws -> Ready {
    let pid = process.processIdentifier
    guard await FileArrival.wait(for: path, upTo: 30, while: { kill(pid, 0) == 0 }) else {
      Issue.record("not ready: \(log)")
      throw CancellationError()
    }
    return try JSONDecoder().decode(Ready.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

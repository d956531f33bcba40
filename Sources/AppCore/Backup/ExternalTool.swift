import AppStore
import Dispatch
import Foundation

/// Runs a program to its end. Blocks: for a thread that its owner made.
enum ExternalTool {
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  static func run(
    _ path: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nothing has to be read while it runs.
    let (output, outputPath) = try Self.scratch()
    let (errors, errorsPath) = try Self.scratch()
    defer { for path in [outputPath, errorsPath] { unlink(path) } }
    process.standardOutput = output
    process.standardError = errors
    // Not `waitUntilExit`, which turns a run loop by the wall clock and hangs where that was set back.
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    ended.wait()
    func text(_ path: String) -> String {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return Result(status: process.terminationStatus, output: text(outputPath), errors: text(errorsPath))
  }

  private static func scratch() throws -> (FileHandle, String) {
    let path = FileManager.default.temporaryDirectory.appending(path: "outgrown-\(UUID().uuidString).txt").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(.backupFailed, "\(path): can't be written: \(String(cString: strerror(errno)))")
    }
    return (FileHandle(fileDescriptor: descriptor, closeOnDealloc: true), path)
  }
}

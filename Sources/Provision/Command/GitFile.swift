import Documents
import Foundation
import Terminal
import Wording

/// A file as a revision of git has it.
enum GitFile {
  /// - Throws: `CommandFailure` with 104 for a revision or a file that isn't there, 69 without git.
  static func contents(of path: String, at revision: String) throws -> [UInt8] {
    let url = URL(filePath: path)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "git", "-C", url.deletingLastPathComponent().path, "show", "--end-of-options",
      "\(revision):./\(url.lastPathComponent)",
    ]
    let output = Pipe()
    let errors = Pipe()
    (process.standardOutput, process.standardError, process.standardInput) = (output, errors, FileHandle.nullDevice)
    do { try process.run() } catch {
      throw CommandFailure(.unavailable, "git can't be run (\(error.localizedDescription)): --diff-git needs it")
    }
    // No more than a document may have, and one: the reader says that it is too large. git ends when nobody reads on.
    let limit = DocumentReader().limits.bytes + 1
    let bytes = try output.fileHandleForReading.read(upToCount: limit) ?? Data()
    try output.fileHandleForReading.close()
    let said = try errors.fileHandleForReading.read(upToCount: 4_096) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 || bytes.count == limit else {
      let reason = DisplayText.line(String(decoding: said, as: UTF8.self), limit: 200)
      throw CommandFailure(
        process.terminationStatus == 127 ? .unavailable : .invalidConfiguration,
        "--diff-git \(DisplayText.line(revision, limit: 80)): \(reason.isEmpty ? "not to be had from git" : reason)")
    }
    return Array(bytes)
  }
}

import Foundation
import Glibc
import Synchronization

/// Runs a shell command when it, or this process, is gone, however that ends: the other end of a pipe that the shell reads.
final class EndGuard: Sendable {
  struct Failure: Error { var description = "no pipe left" }

  private let pipe: Int32

  init(_ command: String) throws {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else { throw Failure() }
    pipe = ends[1]
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "read x; \(command)"]
    process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { close(pipe) }
}

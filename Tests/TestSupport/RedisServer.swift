import Foundation

/// A real Redis that keeps nothing, on 127.0.0.1, ended with this process however that ends.
package final class RedisServer: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// Nil when it is not installed (Debian: redis-server).
  package static let program: String? = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  package let port: Int
  private let folder: String
  private let options: String
  private let end: EndGuard

  /// Started, and answering.
  package init(options: String = "") throws {
    port = try FreePort.find()
    self.options = options
    folder =
      FileManager.default.temporaryDirectory.appending(path: "outgrown-redis-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    end = try EndGuard("kill -9 $(cat \(folder)/pid) 2>/dev/null; rm -rf \(folder)")
    try start()
  }

  package var url: String { "redis://127.0.0.1:\(port)" }

  /// On its own clock, also where this process's is shifted.
  package func start() throws {
    guard let program = Self.program else { throw Failure(description: "Redis is not installed") }
    let command = """
      env -u LD_PRELOAD \(program) --port \(port) --bind 127.0.0.1 --save '' --appendonly no --dir \(folder) \
      --pidfile \(folder)/pid --logfile \(folder)/log --daemonize yes \(options) || exit 1
      for i in $(seq 400); do
        (exec 3<>/dev/tcp/127.0.0.1/\(port)) 2>/dev/null && [ -s \(folder)/pid ] && exit 0
        sleep 0.01
      done
      exit 1
      """
    guard ShellCommand.run(["/bin/bash", "-c", command], in: folder) == 0 else {
      let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
      throw Failure(description: "Redis did not start: \(log.suffix(1_000))")
    }
  }

  /// At once, as a crash does; what it held is gone.
  package func kill() throws { try signal("KILL") }

  /// Sends it a signal, such as STOP.
  package func signal(_ name: String) throws {
    let command = "kill -\(name) $(cat \(folder)/pid)" + (name == "KILL" ? " && rm -f \(folder)/pid" : "")
    guard ShellCommand.run(["/bin/bash", "-c", command], in: folder) == 0 else {
      throw Failure(description: "there is no Redis to send \(name) to")
    }
  }
}

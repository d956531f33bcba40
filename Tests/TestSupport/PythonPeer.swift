import Foundation

/// A peer in Python with packages of `.venv`, which says in its folder's `peer.json` where it listens; ended with this value.
final class PythonPeer {
  private let folder: String
  private let process = Process()
  /// While it is open, the peer runs.
  private let input = Pipe()

  /// Python that has these modules, or nil.
  static func python(with modules: String) -> String? {
    let path = SchemaCorpus.root.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["-c", "import \(modules)"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitForEnd()
    return process.terminationStatus == 0 ? path : nil
  }

  /// Starts a script in `folder`.
  init(_ python: String, _ script: String, in folder: String, _ options: [String] = []) throws {
    self.folder = folder
    process.executableURL = URL(filePath: python)
    process.arguments = [SchemaCorpus.root.appending(path: "scripts/\(script)").path, folder] + options
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// What it says once it listens.
  func description<Value: Decodable>(as type: Value.Type) async throws -> Value {
    let pid = process.processIdentifier
    let file = folder + "/peer.json"
    guard await FileArrival.wait(for: file, upTo: 30, while: { kill(pid, 0) == 0 }) else {
      throw WireError(description: "\(process.arguments?.first ?? "") did not start")
    }
    return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: file)))
  }

  /// What stands in a file of its folder, a value a line; none where there is no file yet.
  func lines<Value: Decodable>(of file: String, as type: Value.Type) throws -> [Value] {
    try Self.lines(of: file, in: folder, as: type)
  }

  static func lines<Value: Decodable>(of file: String, in folder: String, as type: Value.Type) throws -> [Value] {
    guard let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}

import Foundation

extension DocumentReader {
  /// Reads a file of at most `limits.bytes`; a directory is refused.
  /// - Throws: `DocumentError` code `.unreadable`, `.tooLarge` or `.malformed`.
  package func read(path: String) throws(DocumentError) -> DocumentNode {
    try read(bytes: try contents(path: path), file: path)
  }

  /// The file's bytes: at most `limits.bytes` and one more, so that the reader can tell that there are too many.
  package func contents(path: String) throws(DocumentError) -> [UInt8] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw unreadable(path, "no such file", "the path of an existing file")
    }
    guard !isDirectory.boolValue else { throw unreadable(path, "a directory", "a file") }
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      return Array(try handle.read(upToCount: limits.bytes + 1) ?? Data())
    } catch {
      throw unreadable(path, "can't be read (\(error.localizedDescription))", "a file that this user may read")
    }
  }

  private func unreadable(_ path: String, _ what: String, _ expected: String) -> DocumentError {
    DocumentError(.unreadable, file: path, problems: [.init(at: nil, what, expected: expected)])
  }
}

import Glibc

/// A commented file to begin with, that somebody then makes his own.
package struct StarterFile: Sendable {
  package var text: String

  package init(_ text: String) { self.text = text }

  /// Writes it where nothing is yet, and says what to do with it.
  /// - Throws: `CommandFailure`, its message beginning with the path.
  package func write(to path: String, then next: String) throws(CommandFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? CommandFailure(.usage, "\(path): is there already, and is left as it is: name another file")
        : Self.unwritten(path, errno)
    }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.unwritten(path, errno) }
      bytes = bytes.dropFirst(written)
    }
    print("wrote \(path): change it, then \(next)")
  }

  private static func unwritten(_ path: String, _ number: Int32) -> CommandFailure {
    CommandFailure(.unavailable, "\(path): can't be written: \(String(cString: strerror(number)))")
  }
}

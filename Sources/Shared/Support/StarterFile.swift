import Glibc

/// A commented file to begin with, that somebody then makes his own.
package struct StarterFile: Sendable {
  package var text: String

  package init(_ text: String) { self.text = text }

  /// Writes it where nothing is yet.
  /// - Throws: `StarterFileError`, its message beginning with the path.
  package func write(to path: String) throws(StarterFileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let number = errno
      throw StarterFileError(
        message: number == EEXIST
          ? "\(path): is there already, and is left as it is: name another file"
          : "\(path): can't be written: \(String(cString: strerror(number)))",
        code: number == EEXIST ? .usage : .unavailable)
    }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw StarterFileError(
          message: "\(path): can't be written: \(String(cString: strerror(errno)))", code: .unavailable)
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// Why a starter file was not written.
package struct StarterFileError: Error, Sendable, CustomStringConvertible {
  package var message: String
  package var code: ExitCode

  package var description: String { message }
}

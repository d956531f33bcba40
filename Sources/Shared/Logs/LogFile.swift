import Glibc
import Synchronization

/// A file of lines that is moved aside when it is full: `app.log`, then `app.log.1` to `app.log.5`, the newest first.
///
/// Others may move or empty it too (`logrotate`, with or without `copytruncate`), and other processes may write to it. A line
/// that finds no room is left out whole, and told of once there is room again.
package final class LogFile: Sendable {
  /// Bytes of a file, and how many older ones are kept.
  package static let usualSize = 10_000_000
  package static let usualCount = 5

  private let path: String
  private let size: Int
  private let count: Int
  private let state: Mutex<State>

  private struct State {
    var descriptor: Int32 = -1
    var lost = 0
  }

  package struct Refusal: Error, CustomStringConvertible {
    package var description: String
  }

  /// Opens or makes it.
  /// - Throws: `Refusal`.
  package init(path: String, size: Int = usualSize, count: Int = usualCount) throws(Refusal) {
    self.path = path
    self.size = size
    self.count = count
    let descriptor = Self.open(path)
    guard descriptor >= 0 else {
      throw Refusal(description: "LOG_FILE \(path) can't be written: \(String(cString: strerror(errno)))")
    }
    state = Mutex(State(descriptor: descriptor))
  }

  deinit {
    state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
  }

  /// Appends a line, which ends itself.
  /// - Returns: false when there was no room, or no file.
  @discardableResult
  package func write(_ line: String) -> Bool {
    state.withLock { state in
      prepare(&state, for: line.utf8.count)
      guard state.descriptor >= 0, append(line, to: state.descriptor) else {
        state.lost += 1
        return false
      }
      if state.lost > 0, append("\(state.lost) lines were lost: there was no room\n", to: state.descriptor) {
        state.lost = 0
      }
      return true
    }
  }

  /// Has the file of that name open, with room for so many bytes below its size.
  private func prepare(_ state: inout State, for bytes: Int) {
    var named = stat()
    let isNamed = stat(path, &named) == 0
    var opened = stat()
    let isOpened = state.descriptor >= 0 && fstat(state.descriptor, &opened) == 0
    // Moved or deleted by somebody else.
    if !isOpened || !isNamed || named.st_ino != opened.st_ino || named.st_dev != opened.st_dev {
      if state.descriptor >= 0 { close(state.descriptor) }
      state.descriptor = Self.open(path)
      guard state.descriptor >= 0, fstat(state.descriptor, &opened) == 0 else { return }
    }
    guard opened.st_size > 0, Int(opened.st_size) + bytes > size else { return }
    rotate(&state)
  }

  /// Of several processes one moves the files; the others find it done.
  private func rotate(_ state: inout State) {
    flock(state.descriptor, LOCK_EX)
    var named = stat()
    var opened = stat()
    if stat(path, &named) == 0, fstat(state.descriptor, &opened) == 0, named.st_ino == opened.st_ino {
      for number in stride(from: count - 1, through: 1, by: -1) {
        rename("\(path).\(number)", "\(path).\(number + 1)")
      }
      if count == 0 { unlink(path) } else { rename(path, "\(path).1") }
    }
    close(state.descriptor)
    state.descriptor = Self.open(path)
  }

  /// The whole line or nothing of it.
  private func append(_ line: String, to descriptor: Int32) -> Bool {
    var line = line
    return line.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[written...])
        let step = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if step < 0 && errno == EINTR { continue }
        guard step > 0 else {
          var now = stat()
          if written > 0, fstat(descriptor, &now) == 0 { ftruncate(descriptor, now.st_size - written) }
          return false
        }
        written += step
      }
      return true
    }
  }

  private static func open(_ path: String) -> Int32 {
    Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
  }
}

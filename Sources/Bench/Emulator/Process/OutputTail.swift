import Glibc
import Synchronization
import Timers

/// Reads what a service writes, so that it never blocks on it, and keeps the last of it for messages.
final class OutputTail: Sendable {
  private static let limit = 4_096
  private let bytes = Mutex<[UInt8]>([])
  private let hasEnded = Atomic<Bool>(false)
  private let startThread: ThreadStart

  /// - Parameter startThread: begins the thread that reads.
  init(startThread: @escaping ThreadStart = OwnThread.detached) { self.startThread = startThread }

  /// - Parameters:
  ///   - descriptor: a pipe's reading end; closed here when nobody writes any more.
  ///   - log: gets everything too; closed here.
  /// - Throws: `EmulatorError` code `.system` when nobody can read: whoever writes would be ended by it.
  func follow(_ descriptor: Int32, log: Int32?) throws(EmulatorError) {
    let read: @Sendable () -> Void = { [self] in
      var buffer = [UInt8](repeating: 0, count: 16_384)
      while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        if let log { _ = write(log, buffer, count) }
        bytes.withLock { kept in
          kept += buffer.prefix(count)
          if kept.count > Self.limit { kept.removeFirst(kept.count - Self.limit) }
        }
      }
      close(descriptor)
      if let log { close(log) }
      hasEnded.store(true, ordering: .releasing)
    }
    do throws(ThreadError) {
      try startThread(read)
    } catch {
      close(descriptor)
      if let log { close(log) }
      throw EmulatorError(.system, "nobody can read what the service writes: \(error)")
    }
  }

  /// Waits, for at most 200 ms, until what was written has been read.
  func waitForEnd() {
    for _ in 0..<200 where !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
  }

  /// The last lines, without control characters.
  var text: String {
    let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).suffix(12).map { line in
      String(
        line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\t" }.prefix(300).map(
          Character.init))
    }
    return lines.joined(separator: "\n")
  }
}

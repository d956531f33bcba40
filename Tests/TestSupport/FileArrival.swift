import Foundation

/// Waits for a file that another process puts in its place by renaming, on a thread of its own: the kernel tells, no
/// clock is asked.
package enum FileArrival {
  /// False when `isWorthwhile` no longer holds, or after about `seconds`.
  package static func wait(
    for path: String, upTo seconds: Int, while isWorthwhile: @escaping @Sendable () -> Bool
  ) async -> Bool {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: block(path, seconds, isWorthwhile)) }.start()
    }
  }

  private static func block(_ path: String, _ seconds: Int, _ isWorthwhile: () -> Bool) -> Bool {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC))
    defer { close(descriptor) }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard descriptor >= 0, inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO)) >= 0 else { return false }
    var events = [UInt8](repeating: 0, count: 4_096)
    for _ in 0..<seconds * 10 {
      if FileManager.default.fileExists(atPath: path) { return true }
      guard isWorthwhile() else { return false }
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&polled, 1, 100) > 0 { _ = read(descriptor, &events, events.count) }
    }
    return false
  }
}

import Glibc

/// Lets one process at a time do something in a directory. The lock ends with the process, and leaves no file behind.
///
/// It is on the directory, not on the database: closing any descriptor of that file would drop SQLite's own locks on it.
/// Source: SQLite, "How To Corrupt An SQLite Database File", §2.2.
enum DirectoryLock {
  /// Waits its turn. Where the file system has no such locks, nothing is waited for.
  static func with<Result>(_ path: String, _ body: () throws -> Result) rethrows -> Result {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return try body() }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}

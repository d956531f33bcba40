import CLinux
import Glibc
package import Timers

/// Hears what is notified on one channel of a database: on a connection and a thread of its own, which waits for nothing
/// else and asks the server nothing. Source: PostgreSQL manual, "LISTEN", "Asynchronous Notification".
package final class PostgresListener: Sendable {
  package enum Event: Sendable {
    /// From now on everything is heard; what was notified before was not.
    case listening
    /// With what was told along.
    case notified(String)
    /// Nothing is heard until it listens again, which is tried for as long as it takes. Told once, not for each try.
    case lost(PostgresError)
  }

  private let loop: Loop

  /// - Parameters:
  ///   - channel: a name of lower-case letters and `_`.
  ///   - onEvent: called on the listener's thread.
  /// - Throws: `ThreadError` when the kernel has no thread or descriptor for it.
  package init(
    _ configuration: PostgresConfiguration, channel: StaticString, onEvent: @escaping @Sendable (Event) -> Void
  ) throws(ThreadError) {
    let loop = try Loop(configuration, PostgresSQL(trusted: "LISTEN \(channel)"), onEvent)
    try OwnThread.detached { loop.run() }
    self.loop = loop
  }

  deinit { loop.stop() }

  /// Hears nothing more; the connection is closed by its thread.
  package func close() { loop.stop() }
}

/// What the thread and its owner share.
private final class Loop: Sendable {
  private let configuration: PostgresConfiguration
  private let listen: PostgresSQL
  private let onEvent: @Sendable (PostgresListener.Event) -> Void
  private let backoff = Backoff(base: .milliseconds(200), cap: .seconds(10), jitter: .equal)
  /// Readable once it is over.
  private let bell: Int32

  init(
    _ configuration: PostgresConfiguration, _ listen: PostgresSQL,
    _ onEvent: @escaping @Sendable (PostgresListener.Event) -> Void
  ) throws(ThreadError) {
    self.configuration = configuration
    self.listen = listen
    self.onEvent = onEvent
    bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard bell >= 0 else {
      throw ThreadError("the kernel gives no event descriptor: \(String(cString: strerror(errno)))")
    }
  }

  deinit { Glibc.close(bell) }

  func stop() {
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }

  // MARK: On the thread

  func run() {
    clinux_name_thread("pg-listen")
    var failures = 0
    while true {
      do throws(PostgresError) {
        let connection = try PostgresConnection(configuration)
        try connection.run(listen)
        failures = 0
        onEvent(.listening)
        while let text = try connection.notification(unlessReadable: bell) { onEvent(.notified(text)) }
        return
      } catch {
        failures += 1
        if failures == 1 { onEvent(.lost(error)) }
        guard pause(backoff.delay(after: failures, random: .random(in: 0..<1))) else { return }
      }
    }
  }

  /// False when it is over.
  private func pause(_ duration: Duration) -> Bool {
    var polled = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
    return poll(
      &polled, 1, Int32(duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000))
      == 0
  }
}

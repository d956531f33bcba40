import CLinux
import Glibc

/// A POSIX thread that runs one closure to its end. Writing to a connection that its peer has closed doesn't end the
/// process there.
package final class OwnThread: @unchecked Sendable {
  // Unchecked because of `handle`: set once before anyone else sees the object.
  private var handle = pthread_t()

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  package init(_ run: @escaping @Sendable () -> Void) throws(EngineError) {
    let body = Unmanaged.passRetained(Body(run))
    let result = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        var before = sigset_t()
        clinux_hold_broken_pipe(&before)
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard result == 0 else {
      body.release()
      throw EngineError(.system, "the kernel gives no thread: \(String(cString: strerror(result)))")
    }
  }

  /// Waits until the closure has returned. To be called once.
  package func join() { pthread_join(handle, nil) }

  package func detach() { pthread_detach(handle) }

  /// Starts a thread that nobody waits for.
  package static func detached(_ run: @escaping @Sendable () -> Void) throws(EngineError) {
    try OwnThread(run).detach()
  }
}

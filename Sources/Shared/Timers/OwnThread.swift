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

  package init(_ run: @escaping @Sendable () -> Void) throws(ThreadError) {
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
      throw ThreadError("the kernel gives no thread: \(String(cString: strerror(result)))")
    }
  }

  /// Waits until the closure has returned. To be called once.
  package func join() { pthread_join(handle, nil) }

  package func detach() { pthread_detach(handle) }

  /// Starts a thread that nobody waits for.
  package static func detached(_ run: @escaping @Sendable () -> Void) throws(ThreadError) {
    try OwnThread(run).detach()
  }

  /// Runs what blocks, or computes for long, on a thread that is made for it (some 50 µs): there are as many cooperative
  /// threads as cores, and they are for what suspends. Where the kernel gives no thread, it runs on the caller's.
  package static func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
      let perform: @Sendable () -> Void = { continuation.resume(returning: Result(catching: work)) }
      do throws(ThreadError) { try detached(perform) } catch { perform() }
    }
    return try result.get()
  }
}

/// Begins a thread that nobody waits for, or says why there is none.
package typealias ThreadStart = @Sendable (_ run: @escaping @Sendable () -> Void) throws(ThreadError) -> Void

/// The kernel has no thread left, or nothing that a thread needs.
package struct ThreadError: Error, Sendable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

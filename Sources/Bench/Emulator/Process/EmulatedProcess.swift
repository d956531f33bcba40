/// What the edge needs of the service behind it.
package protocol EmulatedProcess: Sendable {
  /// Of 127.0.0.1.
  var port: UInt16 { get }
  /// From `start` until `.exited` has been reported.
  var isRunning: Bool { get }
  /// Not to be called while it runs.
  func start(_ report: @escaping @Sendable (ServiceProcess.Event) -> Void)
  /// SIGTERM.
  func terminate()
  /// SIGKILL.
  func kill()
}

extension ServiceProcess: EmulatedProcess {}

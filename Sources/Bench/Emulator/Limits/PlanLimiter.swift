package import Terminal

/// Keeps one service at a time within its plan's limits and counts what it uses. Safe to use from any thread.
package protocol PlanLimiter: Sendable {
  var kind: LimiterKind { get }
  /// Descriptors of `cgroup.procs` files that the child writes itself into before it executes; the caller closes them.
  func openGroups() throws(EmulatorError) -> [Int32]
  /// The service's first process is there; it leads a session of its own.
  /// - Throws: when its limits can't be kept; the service is ended then.
  func begin(_ leader: Int32) throws(EmulatorError)
  /// The service's first process has been reaped.
  func end()
  /// Of the service's processes since the limiter was made, those that have ended included.
  var cpuNanoseconds: UInt64 { get }
  /// Memory that can't be dropped (anonymous pages), now.
  var residentBytes: UInt64 { get }
  /// Processes killed for memory so far.
  var memoryKills: Int { get }
  /// The share of quota periods in which the service was held back, 0...1; nil where nobody counts them.
  var throttledShare: Double? { get }
  func signalAll(_ signal: Int32)
  /// The service's processes that are left.
  var members: [Int32] { get }
  /// Takes away what the limiter made; the service must have ended.
  func remove()
}

/// Why an emulation can't be made or go on.
package struct EmulatorError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// This machine or user has no control groups.
    case noControlGroups
    /// The command can't be started at all.
    case command
    /// A port or a file can't be had.
    case resources
    case system
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }

  package var exitStatus: ExitStatus {
    switch code {
    case .noControlGroups, .resources: .unavailable
    case .command: .usage
    case .system: .internal
    }
  }
}

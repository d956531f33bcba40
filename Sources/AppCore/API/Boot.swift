import Digests
import Foundation

/// This run of the process: tells a restart from a pause.
package struct Boot: Sendable {
  package let id: String
  /// Seconds since 1970.
  package let startedAt: Double
  package let version: String
  private let start = ContinuousClock.now

  package init(id: String = UUID().uuidString.lowercased(), startedAt: Double, version: String) {
    self.id = id
    self.startedAt = startedAt
    self.version = version
  }

  /// For what is random, but the same for all of this run.
  package var seed: UInt64 { FNV1a.hash(id.utf8) }

  package var uptime: Duration { start.duration(to: .now) }
}

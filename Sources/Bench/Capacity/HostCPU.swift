import Foundation

/// What this machine's processors did since boot, in ticks.
package struct HostCPU: Sendable {
  var idle: UInt64
  var all: UInt64

  /// Nil where `/proc/stat` doesn't say.
  /// - Source: proc_stat(5): user nice system idle iowait irq softirq steal; guests are in user.
  package static var now: HostCPU? {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let line = text.split(separator: "\n").first
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
    guard ticks.count >= 5 else { return nil }
    return HostCPU(idle: ticks[3] + ticks[4], all: ticks.reduce(0, +))
  }

  package static func idleShare(since earlier: HostCPU?) -> Double? {
    guard let earlier, let now, now.all > earlier.all else { return nil }
    return Double(now.idle - min(earlier.idle, now.idle)) / Double(now.all - earlier.all)
  }
}

import Evidence
import Foundation
import Terminal

/// Where a host's calibration is kept.
enum CalibrationFile {
  /// Source: XDG Base Directory Specification 0.8: relative values are to be ignored.
  /// - Throws: `CommandFailure` code `.usage` when the environment names no folder.
  static func defaultPath(_ environment: [String: String]) throws(CommandFailure) -> String {
    guard let path = path(environment) else {
      throw CommandFailure(.usage, "neither XDG_CACHE_HOME nor HOME names a folder: add --out FILE")
    }
    return path
  }

  private static func path(_ environment: [String: String]) -> String? {
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/outgrown/calibration.json" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/outgrown/calibration.json"
  }

  /// What was kept for a machine like this one; nil when there is none, or it is of another machine or kernel.
  static func current(
    _ environment: [String: String] = ProcessInfo.processInfo.environment, machine: Machine = .current
  ) -> Calibration? {
    guard let path = path(environment), let kept = try? EvidenceFile.read(Calibration.self, from: path) else {
      return nil
    }
    return kept.machine == machine ? kept : nil
  }
}

import Foundation

/// What the kernel says about this process' memory.
package enum ProcessMemory {
  /// Bytes resident now; nil where `/proc` is missing.
  /// Source: proc(5), `/proc/self/statm`, second field, in pages.
  package static var residentBytes: Double? {
    guard let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let fields = statm.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return Double(pages * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// Bytes resident at most since the process began, its children's not among them; nil where `/proc` is missing.
  /// Source: proc(5), `/proc/self/status`, `VmHWM`, in KiB. A control group's `memory.peak` would have the children, and
  /// with them the file cache, which is given back before anything is killed, and whatever else shares the group.
  package static var peakBytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    return peakBytes(status: status)
  }

  static func peakBytes(status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
    guard fields.count == 3, fields[2] == "kB", let kibibytes = Int(fields[1]), kibibytes > 0 else { return nil }
    let (bytes, isTooLarge) = kibibytes.multipliedReportingOverflow(by: 1_024)
    return isTooLarge ? nil : bytes
  }
}

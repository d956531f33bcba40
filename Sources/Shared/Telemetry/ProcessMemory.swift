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
}

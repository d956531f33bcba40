import Foundation

/// The machine that a run was made on; its name is left out.
package struct Machine: Codable, Sendable, Equatable {
  package var cores: Int
  @Nullable package var cpuModel: String?
  @Nullable package var memoryBytes: UInt64?
  @Nullable package var kernel: String?

  package init(cores: Int, cpuModel: String? = nil, memoryBytes: UInt64? = nil, kernel: String? = nil) {
    self.cores = cores
    self.cpuModel = cpuModel
    self.memoryBytes = memoryBytes
    self.kernel = kernel
  }

  private enum CodingKeys: String, CodingKey {
    case cores, kernel
    case cpuModel = "cpu_model"
    case memoryBytes = "memory_bytes"
  }

  /// This machine, as `/proc` tells. ARM kernels name no CPU model.
  package static var current: Machine {
    let cpu = value(of: "model name", in: "/proc/cpuinfo")
    let memory = value(of: "MemTotal", in: "/proc/meminfo")?.split(separator: " ").first.flatMap { UInt64($0) }
    let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return Machine(
      cores: max(1, ProcessInfo.processInfo.activeProcessorCount), cpuModel: cpu, memoryBytes: memory.map { $0 * 1024 },
      kernel: kernel?.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// The value of the first line `key: value`.
  private static func value(of key: String, in path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }
}

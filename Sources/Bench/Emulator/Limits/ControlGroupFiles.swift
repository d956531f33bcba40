/// What is written into which file of a group, and which files say what was used.
package struct ControlGroupFiles: Sendable, Equatable {
  package struct Setting: Sendable, Equatable {
    package var file: String
    package var value: String
    /// Left out where the kernel was built without it.
    package var isOptional = false
  }

  /// Directories to make, each with a `cgroup.procs`.
  package var directories: [String]
  package var settings: [Setting]
  var accounting: String
  var cpu: String
  var memory: String
  package var kind: LimiterKind

  /// - Parameters:
  ///   - parents: for v1 cpu, cpuacct and memory; for v2 the one parent.
  /// - Source: the kernel's Documentation/admin-guide/cgroup-v1/memory.rst, scheduler/sched-bwc.rst and cgroup-v2.rst.
  package static func v1(
    cpu: String, accounting: String, memory: String, name: String, limits: PlanLimits
  ) -> ControlGroupFiles {
    let (cpu, accounting, memory) = ("\(cpu)/\(name)", "\(accounting)/\(name)", "\(memory)/\(name)")
    var directories = [cpu]
    for directory in [accounting, memory] where !directories.contains(directory) { directories.append(directory) }
    return ControlGroupFiles(
      directories: directories,
      settings: [
        Setting(file: "\(cpu)/cpu.cfs_period_us", value: "\(PlanLimits.periodMicroseconds)"),
        Setting(file: "\(cpu)/cpu.cfs_quota_us", value: "\(limits.quotaMicroseconds)"),
        Setting(file: "\(memory)/memory.limit_in_bytes", value: "\(limits.memoryBytes)"),
        // Memory and swap together: without it a hog swaps where it should die.
        Setting(file: "\(memory)/memory.memsw.limit_in_bytes", value: "\(limits.memoryBytes)", isOptional: true),
      ],
      accounting: accounting, cpu: cpu, memory: memory, kind: .cgroupV1)
  }

  package static func v2(parent: String, name: String, limits: PlanLimits) -> ControlGroupFiles {
    let group = "\(parent)/\(name)"
    return ControlGroupFiles(
      directories: [group],
      settings: [
        Setting(file: "\(group)/cpu.max", value: "\(limits.quotaMicroseconds) \(PlanLimits.periodMicroseconds)"),
        Setting(file: "\(group)/memory.max", value: "\(limits.memoryBytes)"),
        Setting(file: "\(group)/memory.swap.max", value: "0", isOptional: true),
      ],
      accounting: group, cpu: group, memory: group, kind: .cgroupV2)
  }

  // MARK: What was used

  func cpuNanoseconds(_ read: (String) -> String?) -> UInt64 {
    switch kind {
    case .cgroupV1: read("\(accounting)/cpuacct.usage").flatMap { UInt64($0.prefix { $0.isNumber }) } ?? 0
    default: (Self.value("usage_usec", in: read("\(cpu)/cpu.stat")) ?? 0) * 1_000
    }
  }

  func residentBytes(_ read: (String) -> String?) -> UInt64 {
    let key = kind == .cgroupV1 ? "total_rss" : "anon"
    return Self.value(key, in: read("\(memory)/memory.stat")) ?? 0
  }

  func memoryKills(_ read: (String) -> String?) -> Int {
    let file = kind == .cgroupV1 ? "memory.oom_control" : "memory.events"
    return Int(clamping: Self.value("oom_kill", in: read("\(memory)/\(file)")) ?? 0)
  }

  /// Throttled periods and all periods in which the group ran.
  func periods(_ read: (String) -> String?) -> (throttled: UInt64, all: UInt64)? {
    let text = read("\(cpu)/cpu.stat")
    guard let all = Self.value("nr_periods", in: text), let throttled = Self.value("nr_throttled", in: text) else {
      return nil
    }
    return (throttled, all)
  }

  /// The number in the line `key number`.
  static func value(_ key: String, in text: String?) -> UInt64? {
    for line in (text ?? "").split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2, parts[0] == key { return UInt64(parts[1]) }
    }
    return nil
  }
}

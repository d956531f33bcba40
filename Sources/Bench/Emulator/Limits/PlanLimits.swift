package import Plans

/// What a plan lets a service use.
package struct PlanLimits: Sendable, Equatable {
  /// Cores.
  package var cpu: Double
  package var memoryMegabytes: Int

  /// The period that a CPU quota is enforced over. The host's own is not published; this is the kernel's default.
  package static let periodMicroseconds = 100_000

  package init(cpu: Double, memoryMegabytes: Int) {
    self.cpu = cpu
    self.memoryMegabytes = memoryMegabytes
  }

  /// More than any machine has: a service that is only to be told from others, in a group of its own.
  package static let none = PlanLimits(cpu: 1_024, memoryMegabytes: 1 << 30)

  /// Nil for a plan whose catalogue names no CPU or no memory: nothing can be emulated then.
  package init?(_ plan: WebPlan) {
    guard let cpu = plan.cpu, let memory = plan.memoryMegabytes, cpu > 0, memory > 0 else { return nil }
    self.init(cpu: cpu, memoryMegabytes: memory)
  }

  package var memoryBytes: UInt64 { UInt64(memoryMegabytes) << 20 }
  /// CPU time a period; the kernel takes no less than a millisecond.
  package var quotaMicroseconds: Int { max(1_000, Int((cpu * Double(Self.periodMicroseconds)).rounded())) }
}

/// How the limits are kept.
package enum LimiterKind: String, Sendable, CaseIterable {
  case cgroupV1 = "cgroup_v1"
  case cgroupV2 = "cgroup_v2"
  /// SIGSTOP paced on CPU time, memory by watching.
  case approximate

  package var name: String {
    switch self {
    case .cgroupV1: "cgroup v1"
    case .cgroupV2: "cgroup v2"
    case .approximate: "approximate (SIGSTOP paced on CPU time, memory watched)"
    }
  }
}

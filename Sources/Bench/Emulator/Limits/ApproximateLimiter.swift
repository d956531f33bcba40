import BenchEngine
import CLinux
import Foundation
import Glibc
import Synchronization
import Timers

/// Limits without root and without control groups: a thread stops and continues the service's processes so that their
/// CPU time follows the quota, and kills them above the memory limit.
package final class ApproximateLimiter: PlanLimiter {
  package let kind = LimiterKind.approximate
  private let limits: PlanLimits
  private let state = Mutex(Tracked())
  private let generation = Atomic<Int>(0)
  private let startThread: ThreadStart
  /// Orphans come to this process, so that none is lost sight of.
  private let adopts: Bool

  private struct Tracked {
    var leader: Int32?
    /// Start by id, of all that have been seen: who leaves the session is still one of them.
    var members: [Int32: UInt64] = [:]
    var cpuByProcess: [Int32: UInt64] = [:]
    var endedCPU: UInt64 = 0
    var resident: UInt64 = 0
    var memoryKills = 0
    var throttled: Double?

    var cpu: UInt64 { endedCPU + cpuByProcess.values.reduce(0, +) }
  }

  package convenience init(_ limits: PlanLimits) { self.init(limits, startThread: OwnThread.detached) }

  /// - Parameter startThread: begins the thread that keeps the limits.
  init(_ limits: PlanLimits, startThread: @escaping ThreadStart) {
    self.limits = limits
    self.startThread = startThread
    adopts = clinux_adopt_orphans() == 0
  }

  package func openGroups() -> [Int32] { [] }

  package func begin(_ leader: Int32) throws(EmulatorError) {
    let number = follow(leader)
    guard adopts else {
      throw EmulatorError(
        .system, "the approximate limits can't be kept: the kernel refuses to hand over what the service leaves behind")
    }
    do throws(ThreadError) {
      try startThread { [self] in pace(leader, number) }
    } catch {
      throw EmulatorError(.system, "the approximate limits can't be kept: \(error)")
    }
  }

  /// Knows the service's processes from now on.
  /// - Returns: the number that its thread is to have.
  @discardableResult
  func follow(_ leader: Int32) -> Int {
    let number = generation.add(1, ordering: .relaxed).newValue
    state.withLock { $0.leader = leader }
    scan()
    return number
  }

  package func end() {
    generation.add(1, ordering: .relaxed)
    state.withLock { $0.leader = nil }
    signalAll(SIGCONT)
  }

  package var cpuNanoseconds: UInt64 {
    readCPU()
    return state.withLock { $0.cpu }
  }
  package var residentBytes: UInt64 { state.withLock { $0.resident } }
  package var memoryKills: Int { state.withLock { $0.memoryKills } }
  package var throttledShare: Double? { state.withLock { $0.throttled } }

  package var members: [Int32] {
    scan()
    return state.withLock { Array($0.members.keys) }
  }

  package func signalAll(_ signal: Int32) {
    for process in members where process > 1 { kill(process, signal) }
  }

  package func remove() { signalAll(SIGKILL) }

  // MARK: The thread

  private func pace(_ leader: Int32, _ number: Int) {
    _ = clinux_set_timer_slack(1)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    func now() -> Double { Double(MonotonicClock.now()) / 1e9 }
    let start = state.withLock { $0.cpu }
    var pacer = CPUPacer(cpu: limits.cpu, at: now())
    var order = CPUPacer.Order.run
    var nextScan = now()
    while generation.load(ordering: .relaxed) == number {
      if now() >= nextScan {
        scan()
        if order == .stop { signalKnown(SIGSTOP) }
        if state.withLock({ $0.resident }) > limits.memoryBytes {
          state.withLock { $0.memoryKills += 1 }
          signalKnown(SIGKILL)
        }
        nextScan = now() + 0.05
      }
      readCPU()
      let used = state.withLock { tracked in
        tracked.throttled = pacer.throttledShare
        return Double(tracked.cpu - min(start, tracked.cpu)) / 1e9
      }
      let wanted = pacer.look(used: used, at: now())
      if wanted != order {
        signalKnown(wanted == .stop ? SIGSTOP : SIGCONT)
        order = wanted
      }
      usleep(useconds_t(pacer.pause(cores: cores, at: now()) * 1e6))
    }
  }

  private func signalKnown(_ signal: Int32) {
    for process in state.withLock({ Array($0.members.keys) }) { kill(process, signal) }
  }

  /// Finds the service's processes anew.
  private func scan() {
    let all = ProcessStatus.all()
    let ended = state.withLock { tracked -> [Int32] in
      var found = tracked.leader.map { ProcessTree.members(of: $0, among: all) } ?? []
      let ids = Set(found.map(\.id))
      found += all.filter { !ids.contains($0.id) && tracked.members[$0.id] == $0.startTicks }
      for process in found where process.state == "Z" { readCPU(process.id, &tracked) }
      let living = found.filter { $0.state != "Z" }
      tracked.members = Dictionary(living.map { ($0.id, $0.startTicks) }) { first, _ in first }
      for id in tracked.cpuByProcess.keys where tracked.members[id] == nil {
        tracked.endedCPU += tracked.cpuByProcess.removeValue(forKey: id) ?? 0
      }
      for id in tracked.members.keys where tracked.cpuByProcess[id] == nil { tracked.cpuByProcess[id] = 0 }
      tracked.resident = living.reduce(0) { $0 + Self.anonymousBytes(of: $1.id) }
      // Orphans that were adopted and have ended are this process's to reap; the leader has its own waiter.
      return found.filter { $0.state == "Z" && $0.parent == getpid() && $0.id != tracked.leader }.map(\.id)
    }
    for id in ended { waitpid(id, nil, WNOHANG) }
  }

  private func readCPU() {
    state.withLock { tracked in
      for id in tracked.members.keys { readCPU(id, &tracked) }
    }
  }

  private func readCPU(_ id: Int32, _ tracked: inout Tracked) {
    let time = clinux_process_cpu_nanoseconds(id)
    if time >= 0 { tracked.cpuByProcess[id] = UInt64(time) }
  }

  /// What the kernel can't drop: resident pages that no file backs.
  /// - Source: proc_pid_statm(5): size, resident, shared, in pages.
  private static func anonymousBytes(of id: Int32) -> UInt64 {
    let fields = (GroupFileSystem.read("/proc/\(id)/statm") ?? "").split(separator: " ").compactMap { UInt64($0) }
    guard fields.count >= 3, fields[1] > fields[2] else { return 0 }
    return (fields[1] - fields[2]) * pageSize
  }

  private static let pageSize = UInt64(sysconf(Int32(_SC_PAGESIZE)))
}

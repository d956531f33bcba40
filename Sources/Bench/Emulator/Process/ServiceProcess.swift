import BenchEngine
import CLinux
import Glibc
import Synchronization
import Timers

/// The service under its plan's limits: started any number of times, one process (and its descendants) at a time, each
/// watched by a thread of its own.
package final class ServiceProcess: Sendable {
  package enum Event: Sendable, Equatable {
    /// The first answer, so many seconds after the program was executed.
    case answered(afterSeconds: Double)
    case exited(ProcessExit)
    /// While its first process lives on, or just before it ends.
    case memoryKill(String)
  }

  package let port: UInt16
  package let limiter: any PlanLimiter
  private let command: ServiceCommand
  private let memoryMegabytes: Int
  private let leader = Mutex<Int32?>(nil)
  private let peak = Atomic<UInt64>(0)
  /// The start whose thread watches it, counted from 1; 0: none does.
  private let watched = Atomic<Int>(0)
  private let starts = Atomic<Int>(0)

  package init(_ command: ServiceCommand, limits: PlanLimits, limiter: any PlanLimiter, port: UInt16) {
    self.command = command
    self.limiter = limiter
    self.port = port
    memoryMegabytes = limits.memoryMegabytes
  }

  /// The highest resident memory seen since the process was made, looked at every 50 ms.
  package var peakResidentBytes: UInt64 { peak.load(ordering: .relaxed) }

  /// From `start` until `.exited` has been reported.
  package var isRunning: Bool { watched.load(ordering: .acquiring) != 0 }

  /// Starts the program; must not run already. Events come on the watching thread, `.exited` as the last, also when it
  /// could not be started.
  package func start(_ report: @escaping @Sendable (Event) -> Void) {
    let number = starts.add(1, ordering: .relaxed).newValue
    watched.store(number, ordering: .relaxed)
    do {
      try OwnThread { [self] in
        report(.exited(run(report)))
        // Whoever was told may have started it anew, and that start is another thread's.
        _ = watched.compareExchange(expected: number, desired: 0, ordering: .releasing)
      }
      .detach()
    } catch {
      watched.store(0, ordering: .relaxed)
      report(.exited(ProcessExit(reason: .notStarted("\(error)"), wasMemoryKilled: false, outputTail: "")))
    }
  }

  /// SIGTERM to the program and the processes of its group.
  package func terminate() { signal(SIGTERM) }

  /// SIGKILL to everything that belongs to the service.
  package func kill() {
    signal(SIGKILL)
    if isRunning { limiter.signalAll(SIGKILL) }
  }

  private func signal(_ number: Int32) {
    // Under the lock that reaping takes: the id is this process's or nobody's.
    leader.withLock { leader in
      if let leader { _ = Glibc.kill(-leader, number) }
    }
  }

  // MARK: The watching thread

  private func run(_ report: @Sendable (Event) -> Void) -> ProcessExit {
    let kills = limiter.memoryKills
    let tail = OutputTail()
    let pid: Int32
    let startedAt = MonotonicClock.now()
    do throws(EmulatorError) {
      pid = try spawn(tail)
    } catch {
      return ProcessExit(reason: .notStarted(error.message), wasMemoryKilled: false, outputTail: "")
    }
    do throws(EmulatorError) {
      try limiter.begin(pid)
    } catch {
      // Nothing runs without its limits.
      signal(SIGKILL)
      while reap(pid) == nil { usleep(1_000) }
      end()
      return ProcessExit(reason: .notStarted(error.message), wasMemoryKilled: false, outputTail: "")
    }
    let status = watch(pid, since: startedAt, kills: kills, report)
    end()
    tail.waitForEnd()
    let killed = limiter.memoryKills > kills
    let signal = clinux_exit_signal(status)
    return ProcessExit(
      reason: signal != 0 ? .signal(signal) : .code(clinux_exit_code(status)), wasMemoryKilled: killed,
      outputTail: tail.text)
  }

  /// Nothing of a service outlives its first process, as in a container.
  private func end() {
    for _ in 0..<500 {
      limiter.signalAll(SIGKILL)
      if limiter.members.isEmpty { break }
      usleep(10_000)
    }
    limiter.end()
  }

  /// - Returns: the wait status.
  private func watch(
    _ pid: Int32, since startedAt: UInt64, kills: Int, _ report: @Sendable (Event) -> Void
  ) -> Int32 {
    var kills = kills
    var probe = StartProbe(port: port, healthPath: command.healthPath)
    var hasAnswered = false
    var nextLook: UInt64 = 0
    while true {
      if let status = reap(pid) {
        look(&kills, report)
        return status
      }
      if MonotonicClock.now() >= nextLook {
        look(&kills, report)
        nextLook = MonotonicClock.now() + 50_000_000
      }
      if hasAnswered {
        usleep(10_000)
      } else if probe.step(milliseconds: 5) {
        hasAnswered = true
        report(.answered(afterSeconds: Double(MonotonicClock.now() - startedAt) / 1e9))
      }
    }
  }

  private func look(_ kills: inout Int, _ report: @Sendable (Event) -> Void) {
    let resident = limiter.residentBytes
    if resident > peak.load(ordering: .relaxed) { peak.store(resident, ordering: .relaxed) }
    let now = limiter.memoryKills
    if now > kills {
      kills = now
      report(.memoryKill("above \(memoryMegabytes) MB"))
    }
  }

  private func reap(_ pid: Int32) -> Int32? {
    leader.withLock { leader in
      var status: Int32 = 0
      let result = waitpid(pid, &status, WNOHANG)
      guard result == pid || (result < 0 && errno == ECHILD) else { return nil }
      leader = nil
      return status
    }
  }

  private func spawn(_ tail: OutputTail) throws(EmulatorError) -> Int32 {
    var log: Int32?
    if let file = command.logFile {
      let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw EmulatorError(.resources, "\(file) can't be written: \(GroupFileSystem.reason(errno))")
      }
      log = descriptor
    }
    var pipe: [Int32] = [-1, -1]
    guard clinux_pipe(&pipe) == 0 else {
      if let log { close(log) }
      throw EmulatorError(.system, "no pipe: \(GroupFileSystem.reason(errno))")
    }
    defer { close(pipe[1]) }
    try tail.follow(pipe[0], log: log)
    let groups = try limiter.openGroups()
    defer { for group in groups { close(group) } }
    var environment = command.environment
    environment["PORT"] = String(port)
    let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
    let result = leader.withLock { leader -> Int32 in
      let pid = CStringArray.with(command.words) { arguments in
        CStringArray.with(variables) { environment in
          clinux_spawn(command.executable, arguments, environment, groups, Int32(groups.count), pipe[1])
        }
      }
      if pid > 0 { leader = pid }
      return pid
    }
    guard result > 0 else {
      throw EmulatorError(.command, "\(command.executable) can't be executed: \(GroupFileSystem.reason(-result))")
    }
    return result
  }
}

/// Texts as C wants `argv` and `envp`.
private enum CStringArray {
  static func with<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return body([nil]) }
      return body(base)
    }
  }
}

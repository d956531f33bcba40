import BenchEngine
import Foundation
import TestSupport
import Testing

@testable import BenchEmulator

private enum ControlGroups {
  static let isPossible: Bool = {
    guard let limiter = try? ControlGroupLimiter(PlanLimits(cpu: 1, memoryMegabytes: 64)) else { return false }
    limiter.remove()
    return true
  }()
}

/// The kernel's own limits, where this user may make control groups.
@Suite(
  .enabled(if: ControlGroups.isPossible, "needs root and control groups with cpu and memory"), .serialized,
  .timeLimit(.minutes(1)))
struct KernelLimitTests {
  private func run(
    _ script: String, _ limits: PlanLimits, _ body: (ServiceProcess) async throws -> Void
  ) async throws -> ProcessExit {
    let limiter = try ControlGroupLimiter(limits)
    let command = try ServiceCommand(["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
    let process = ServiceProcess(command, limits: limits, limiter: limiter, port: try LocalPort.free())
    let (exits, continuation) = AsyncStream<ProcessExit>.makeStream()
    process.start { if case .exited(let exit) = $0 { continuation.yield(exit) } }
    do { try await body(process) } catch { process.kill() }
    var iterator = exits.makeAsyncIterator()
    let exit = try #require(await iterator.next())
    #expect(limiter.members.isEmpty)
    limiter.remove()
    #expect(limiter.files.directories.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
    return exit
  }

  @Test("a burner of two processes gets its quota, and its group is gone afterwards")
  func quota() async throws {
    let exit = try await run("while :; do :; done & while :; do :; done", PlanLimits(cpu: 0.2, memoryMegabytes: 64)) {
      process in
      await Waiting.until { process.limiter.cpuNanoseconds >= 100_000_000 }
      let (used, at) = (process.limiter.cpuNanoseconds, MonotonicClock.now())
      // Two seconds of its CPU time, by whatever clock this machine keeps.
      await Waiting.until { process.limiter.cpuNanoseconds >= used + 400_000_000 }
      let share = Double(process.limiter.cpuNanoseconds - used) / Double(MonotonicClock.now() - at)
      #expect(share < 0.2 * 1.1, "\(share)")
      #expect((process.limiter.throttledShare ?? 0) > 0.5)
      process.kill()
    }
    #expect(exit.reason == .signal(9) && !exit.wasMemoryKilled)
  }

  @Test("a process above the memory limit is killed, and its end says so")
  func memory() async throws {
    let exit = try await run(
      "exec dd if=/dev/zero of=/dev/null bs=256M count=1", PlanLimits(cpu: 1, memoryMegabytes: 64)
    ) { _ in }
    #expect(exit.wasMemoryKilled)
    #expect(exit.cause == "signal 9, above the memory limit")
  }

  @Test("a group of a process that is gone is taken away by the next")
  func leftovers() throws {
    let limits = PlanLimits(cpu: 1, memoryMegabytes: 64)
    let limiter = try ControlGroupLimiter(limits)
    defer { limiter.remove() }
    let directory = limiter.files.directories[0]
    let parent = String(directory[..<(directory.lastIndex(of: "/") ?? directory.endIndex)])
    var dead = GroupName.next(serial: 999)
    dead.startTicks += 1
    try FileManager.default.createDirectory(atPath: "\(parent)/\(dead)", withIntermediateDirectories: false)
    try ControlGroupLimiter(limits).remove()
    #expect(!FileManager.default.fileExists(atPath: "\(parent)/\(dead)"))
    #expect(FileManager.default.fileExists(atPath: directory))
  }
}

import BenchEngine
import Foundation
import Synchronization
import TestSupport
import Testing
import Timers

@testable import BenchEmulator

/// Real processes, limited by watching: that works for every user.
@Suite struct ServiceProcessTests {
  private func process(_ script: String, memory: Int = 256) throws -> (
    ServiceProcess, AsyncStream<ServiceProcess.Event>
  ) {
    let limits = PlanLimits(cpu: 1, memoryMegabytes: memory)
    let command = try ServiceCommand(["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
    let process = ServiceProcess(
      command, limits: limits, limiter: ApproximateLimiter(limits), port: try LocalPort.free())
    let (events, continuation) = AsyncStream<ServiceProcess.Event>.makeStream()
    process.start { event in
      continuation.yield(event)
      if case .exited = event { continuation.finish() }
    }
    return (process, events)
  }

  private func exit(_ events: AsyncStream<ServiceProcess.Event>) async -> ProcessExit? {
    for await case .exited(let exit) in events { return exit }
    return nil
  }

  @Test("how a process ended is told, with the last of what it wrote")
  func exitCode() async throws {
    let (process, events) = try process("echo port $PORT; echo broken >&2; exit 7")
    let exit = try #require(await exit(events))
    #expect(exit.reason == .code(7) && exit.cause == "exit code 7")
    #expect(exit.outputTail == "port \(process.port)\nbroken")
  }

  @Test("SIGTERM reaches the whole process group, SIGKILL what ignores it, and nothing is left")
  func signals() async throws {
    let (process, events) = try process("trap '' TERM; sleep 300 & sleep 300; sleep 300")
    await Waiting.until { process.limiter.members.count >= 2 }
    process.terminate()
    process.kill()
    let exit = try #require(await exit(events))
    #expect(exit.reason == .signal(9))
    #expect(process.limiter.members.isEmpty)
  }

  @Test("children that left the session end with their service too")
  func strays() async throws {
    let (process, events) = try process("setsid sleep 300 & sleep 300")
    await Waiting.until { process.limiter.members.count >= 3 }
    process.kill()
    _ = await exit(events)
    #expect(process.limiter.members.isEmpty)
  }

  @Test("a start from within the report of an end is its own: the old watcher doesn't take it back")
  func restart() async throws {
    let limits = PlanLimits(cpu: 1, memoryMegabytes: 256)
    let command = try ServiceCommand(["/bin/sh", "-c", "exit 3"], environment: ["PATH": "/usr/bin:/bin"])
    let process = ServiceProcess(
      command, limits: limits, limiter: ApproximateLimiter(limits), port: try LocalPort.free())
    let (runs, continuation) = AsyncStream<Bool>.makeStream()
    process.start { event in
      guard case .exited = event else { return }
      process.start { event in
        guard case .exited = event else { return }
        // Until this has been reported it runs; the first watcher has long gone by now.
        continuation.yield(process.isRunning)
        continuation.finish()
      }
    }
    for await isRunning in runs { #expect(isRunning) }
    await Waiting.until { !process.isRunning }
  }

  /// Limits that can't be kept.
  private struct NoLimiter: PlanLimiter {
    var kind: LimiterKind { .approximate }
    let inner: ApproximateLimiter
    func openGroups() -> [Int32] { [] }
    func begin(_ leader: Int32) throws(EmulatorError) {
      inner.follow(leader)
      throw EmulatorError(.system, "the limits can't be kept")
    }
    func end() { inner.end() }
    var cpuNanoseconds: UInt64 { 0 }
    var residentBytes: UInt64 { 0 }
    var memoryKills: Int { 0 }
    var throttledShare: Double? { nil }
    func signalAll(_ signal: Int32) { inner.signalAll(signal) }
    var members: [Int32] { inner.members }
    func remove() {}
  }

  @Test("a service whose limits can't be kept doesn't run without them")
  func unlimited() async throws {
    let limits = PlanLimits(cpu: 1, memoryMegabytes: 256)
    let command = try ServiceCommand(
      ["/bin/sh", "-c", "setsid sleep 300 & sleep 300"], environment: ["PATH": "/usr/bin:/bin"])
    let limiter = NoLimiter(inner: ApproximateLimiter(limits))
    let process = ServiceProcess(command, limits: limits, limiter: limiter, port: try LocalPort.free())
    let (events, continuation) = AsyncStream<ServiceProcess.Event>.makeStream()
    process.start { event in
      continuation.yield(event)
      if case .exited = event { continuation.finish() }
    }
    let exit = try #require(await exit(events))
    #expect(exit.reason == .notStarted("the limits can't be kept"))
    #expect(limiter.members.isEmpty)
  }

  private static let noThread: ThreadStart = { _ throws(ThreadError) in throw ThreadError("no thread left") }

  @Test("approximate limits without the thread that keeps them are refused")
  func noThread() throws {
    let limiter = ApproximateLimiter(PlanLimits(cpu: 1, memoryMegabytes: 64), startThread: Self.noThread)
    let error = #expect(throws: EmulatorError.self) { try limiter.begin(getpid()) }
    #expect(error?.message.contains("no thread left") == true)
  }

  @Test("output that nobody can read is refused, before the service is started into a broken pipe")
  func noReader() throws {
    let tail = OutputTail(startThread: Self.noThread)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { close(ends[1]) }
    let log = dup(ends[1])
    let error = #expect(throws: EmulatorError.self) { try tail.follow(ends[0], log: log) }
    #expect(error?.message.contains("no thread left") == true)
    #expect(fcntl(ends[0], F_GETFD) == -1 && fcntl(log, F_GETFD) == -1)
  }

  @Test("a program that can't be executed is refused before anything starts")
  func missing() {
    let error = #expect(throws: EmulatorError.self) {
      try ServiceCommand(["no-such-program-anywhere"], environment: ["PATH": "/usr/bin:/bin"])
    }
    #expect(error?.code == .command)
    #expect(throws: EmulatorError.self) { try ServiceCommand([], environment: [:]) }
    #expect(throws: EmulatorError.self) { try ServiceCommand(["/etc/passwd"], environment: [:]) }
  }

  @Test("a port that somebody has is refused")
  func port() throws {
    let listener = try TestListener()
    #expect(throws: EmulatorError.self) { try LocalPort.free(listener.port) }
    #expect(try LocalPort.free() > 0)
  }
}

/// A port that is listened on.
private final class TestListener {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [descriptor] address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isListening)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}

import CLinux
import Glibc
import Synchronization

/// Waits: returns when the time is over, or as soon as the task is cancelled. Never fails.
package typealias Wait = @Sendable (Duration) async -> Void

/// The owner of all that a process waits for: one thread that polls. Unlike the runtime's timers, which are set on the
/// kernel's clock, it follows a process whose clock is faked (`faketime`), and a process that is stopped and continued
/// finds its time over at once. A machine's sleep is not counted.
///
/// The thread and its one descriptor are taken when it is made, so that no wait can fail for want of them.
package final class TimerThread: Sendable {
  private let timers: Timers

  /// The number of an alarm.
  package typealias Alarm = UInt64

  /// - Parameter onFailure: told of the first failure in a row when the thread can't poll; it goes on by pauses, and what
  ///   it does may come up to a second late.
  /// - Throws: `ThreadError` when the kernel has no thread or descriptor for it.
  package convenience init(onFailure: @escaping @Sendable (any Error) -> Void = { _ in }) throws(ThreadError) {
    try self.init(kernel: Kernel(), onFailure: onFailure)
  }

  init(kernel: Kernel, onFailure: @escaping @Sendable (any Error) -> Void) throws(ThreadError) {
    let timers = try Timers(kernel, onFailure)
    try OwnThread.detached { timers.run() }
    self.timers = timers
  }

  /// What was begun is still waited for; then the thread ends.
  deinit { timers.abandon() }

  /// Does something after `duration`, once, on the timers' thread: it must not block.
  @discardableResult
  package func set(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> Alarm {
    let alarm = timers.reserve()
    timers.add(alarm, after: duration, action)
    return alarm
  }

  /// What the alarm was to do is not done, unless it has begun.
  package func cancel(_ alarm: Alarm) { _ = timers.take(alarm) }

  /// Returns after `duration`, or as soon as the task is cancelled.
  @Sendable package func wait(_ duration: Duration) async {
    guard duration > .zero else { return await Task.yield() }
    let alarm = timers.reserve()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        timers.add(alarm, after: duration) { continuation.resume() }
        // A cancellation that came before found nothing to end.
        if Task.isCancelled { timers.take(alarm)?() }
      }
    } onCancel: {
      timers.take(alarm)?()
    }
  }

  /// The same wait, time and again.
  package func waiting(_ duration: Duration) -> @Sendable () async -> Void { { await self.wait(duration) } }
}

/// What the thread asks of the system.
struct Kernel: Sendable {
  enum Poll { case ranOut, rung, interrupted, failed(Int32) }

  /// Nanoseconds.
  var clock: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
  var poll: @Sendable (_ bell: Int32, _ milliseconds: Int32) -> Poll = { bell, milliseconds in
    var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
    let count = Glibc.poll(&entry, 1, milliseconds)
    if count < 0 { return errno == EINTR ? .interrupted : .failed(errno) }
    if count == 0 { return .ranOut }
    var rings: UInt64 = 0
    read(bell, &rings, 8)
    return .rung
  }
  var pause: @Sendable (_ milliseconds: Int32) -> Void = { usleep(UInt32($0) * 1_000) }
}

/// What the thread and those who wait share.
private final class Timers: Sendable {
  private struct State {
    var alarms = AlarmQueue()
    var time: PolledTime
    var isAbandoned = false
  }

  private let kernel: Kernel
  private let onFailure: @Sendable (any Error) -> Void
  /// Written to end a poll.
  private let bell: Int32
  private let state: Mutex<State>

  init(_ kernel: Kernel, _ onFailure: @escaping @Sendable (any Error) -> Void) throws(ThreadError) {
    self.kernel = kernel
    self.onFailure = onFailure
    bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    state = Mutex(State(time: PolledTime(at: kernel.clock())))
    guard bell >= 0 else {
      throw ThreadError("the kernel gives no event descriptor: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(bell) }

  func reserve() -> UInt64 { state.withLock { $0.alarms.reserve() } }

  func add(_ number: UInt64, after duration: Duration, _ action: @escaping @Sendable () -> Void) {
    let isNext = state.withLock { state in
      state.time.advance(to: kernel.clock())
      // A century is as good as for ever.
      let rest = min(max(.zero, duration), .seconds(3_155_760_000)) / .nanoseconds(1)
      let due = state.time.now + Int64(rest)
      defer { state.alarms.add(number, due: due, action) }
      return due < state.alarms.earliest ?? .max
    }
    if isNext { ring() }
  }

  func take(_ number: UInt64) -> AlarmQueue.Action? { state.withLock { $0.alarms.take(number) } }

  func abandon() {
    state.withLock { $0.isAbandoned = true }
    ring()
  }

  private func ring() {
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }

  // MARK: On the thread

  func run() {
    clinux_name_thread("timers")
    var failures: Int32 = 0
    while let (now, milliseconds) = doWhatIsDue() {
      switch kernel.poll(bell, milliseconds) {
      case .ranOut:
        failures = 0
        state.withLock { $0.time.ranOut(since: now, after: Int64(milliseconds) * 1_000_000, clock: kernel.clock()) }
      case .rung: failures = 0
      case .interrupted: break
      case .failed(let code):
        failures += 1
        if failures == 1 { onFailure(ThreadError("poll: \(String(cString: strerror(code)))")) }
        kernel.pause(min(milliseconds, 10 << min(failures, 7), 1_000))
      }
    }
  }

  /// - Returns: the time, and how long there is nothing to do then; nil when nobody is left to wait.
  private func doWhatIsDue() -> (now: Int64, milliseconds: Int32)? {
    while true {
      let (due, next, isOver) = state.withLock { state in
        state.time.advance(to: kernel.clock())
        let due = state.alarms.takeDue(at: state.time.now)
        let rest = state.alarms.earliest.map { $0 - state.time.now + 999_999 } ?? .max
        let isOver = state.isAbandoned && state.alarms.earliest == nil
        return (due, (state.time.now, Int32(min(rest / 1_000_000, 3_600_000))), isOver)
      }
      for action in due { action() }
      if isOver { return nil }
      if due.isEmpty { return next }
    }
  }
}

package import BenchEmulator
package import BenchEngine
import Foundation
import Synchronization

/// A service that is started and stopped in order, by a thread that may block.
package final class MeasuredService: Sendable {
  package enum Start {
    case answered(seconds: Double)
    case failed(ProcessExit)
    case interrupted
  }

  package let process: ServiceProcess
  private let timeout: Double
  private let control: LoadEngine.Control
  private let inbox = Mutex(Inbox())

  private struct Inbox {
    var answered: Double?
    var exit: ProcessExit?
  }

  /// - Parameters:
  ///   - timeout: seconds that a start may take.
  ///   - control: ends every wait once interrupted.
  package init(_ process: ServiceProcess, timeout: Double, control: LoadEngine.Control) {
    self.process = process
    self.timeout = timeout
    self.control = control
  }

  /// Starts the service and waits for its first answer.
  package func start() -> Start {
    inbox.withLock { $0 = Inbox() }
    process.start { [self] event in
      inbox.withLock { inbox in
        switch event {
        case .answered(let seconds): inbox.answered = seconds
        case .exited(let exit): inbox.exit = exit
        case .memoryKill: break
        }
      }
    }
    let deadline = MonotonicClock.now() + UInt64(timeout * 1e9)
    while true {
      let (answered, exit) = inbox.withLock { ($0.answered, $0.exit) }
      if let answered { return .answered(seconds: answered) }
      if let exit { return .failed(exit) }
      if control.isInterrupted { return .interrupted }
      if MonotonicClock.now() > deadline {
        process.kill()
        waitForEnd()
        var exit = inbox.withLock { $0.exit } ?? ProcessExit(reason: .notStarted(""))
        exit.reason = .notStarted("no answer within \(Int(timeout)) s")
        return .failed(exit)
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  /// Why it ended; nil while it runs.
  var exit: ProcessExit? { inbox.withLock { $0.exit } }

  /// SIGTERM, after ten seconds SIGKILL; waits for the end.
  package func stop() {
    process.terminate()
    let deadline = MonotonicClock.now() + 10_000_000_000
    while process.isRunning, MonotonicClock.now() < deadline { Thread.sleep(forTimeInterval: 0.005) }
    if process.isRunning { process.kill() }
    waitForEnd()
  }

  private func waitForEnd() {
    while process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
  }

  /// Waits until the service has done what an overload left it to do: until it uses less than a fifth of its quota.
  func settle(cpu: Double) {
    let deadline = MonotonicClock.now() + 20_000_000_000
    var quiet = 0
    while quiet < 2, MonotonicClock.now() < deadline, exit == nil, !control.isInterrupted {
      let (used, at) = (process.limiter.cpuNanoseconds, MonotonicClock.now())
      Thread.sleep(forTimeInterval: 0.15)
      let spent = Double(process.limiter.cpuNanoseconds &- used) / Double(max(1, MonotonicClock.now() - at))
      quiet = spent < cpu * 0.2 ? quiet + 1 : 0
    }
  }
}

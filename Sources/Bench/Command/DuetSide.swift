import BenchCapacity
import BenchEmulator
import BenchEngine
import BenchScenario
import Foundation
import Terminal
import Wording

/// One of two services that are measured at once: somewhere already, or started anew for every block.
struct DuetSide {
  /// `base` or `head`.
  let name: String
  /// As it was given.
  let source: String
  private let target: TargetURL?
  /// By place: each with a port of its own, which the sides take by turns.
  private let services: [MeasuredService]
  private let limiter: (any PlanLimiter)?

  struct Starting {
    var healthPath: String?
    var timeout: Double
    var logFile: String?
  }

  static func isURL(_ text: String) -> Bool { text.hasPrefix("http://") || text.hasPrefix("https://") }

  /// - Parameter ports: of the places, for a command.
  init(
    _ name: String, _ source: String, ports: [UInt16], starting: Starting, control: LoadEngine.Control
  ) throws {
    self.name = name
    self.source = source
    guard !Self.isURL(source) else {
      target = try TargetURL.parse(source)
      services = []
      limiter = nil
      return
    }
    target = nil
    let command = try ServiceCommand(
      ["/bin/sh", "-c", source], environment: ProcessInfo.processInfo.environment, healthPath: starting.healthPath,
      logFile: starting.logFile)
    // A control group of its own gives each side the same share, however many processes it has.
    let limiter: any PlanLimiter = (try? ControlGroupLimiter(.none)) ?? ApproximateLimiter(.none)
    self.limiter = limiter
    services = ports.map {
      MeasuredService(
        ServiceProcess(command, limits: .none, limiter: limiter, port: $0), timeout: starting.timeout, control: control)
    }
  }

  var startsAnew: Bool { target == nil }

  var hasGroup: Bool { limiter.map { $0.kind != .approximate } ?? true }

  /// Whether it takes this machine's processors.
  var isHere: Bool { target.map(\.isLoopback) ?? true }

  /// - Parameter place: whose port it is to have.
  /// - Throws: `CommandFailure` code `.unavailable` with the last that it wrote, where it doesn't answer.
  func start(at place: Int) throws(CommandFailure) -> TargetURL {
    if let target { return target }
    let service = services[place]
    switch service.start() {
    case .answered: break
    case .interrupted: throw CommandFailure(.interrupted, "interrupted while the \(name) started")
    case .failed(let exit):
      let tail = exit.outputTail.split(separator: "\n").suffix(5).map { "\n  │ \(DisplayText.line($0, limit: 120))" }
      throw CommandFailure(
        .unavailable,
        "the \(name) did not start: \(exit.cause): it is to listen on PORT of 127.0.0.1\(tail.joined())")
    }
    do { return try TargetURL.parse("http://127.0.0.1:\(service.process.port)") } catch {
      throw CommandFailure(.internal, error.message)
    }
  }

  func stop(at place: Int) {
    if target == nil, services[place].process.isRunning { services[place].stop() }
  }

  /// Takes away what was made for it.
  func remove() { limiter?.remove() }
}

import ArgumentParser
import BenchCapacity
import BenchEmulator
import Dispatch
import Evidence
import Foundation
import Plans
import Statistics
import Synchronization
import Terminal
import Wording

/// `outgrown bench emulate --plan free -- COMMAND…`.
struct EmulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emulate",
    abstract: "Runs a service under a hosting plan: its CPU and memory, its sleep and its edge.",
    discussion: """
      outgrown bench emulate --plan free --idle 20s -- python3 app.py

      The service gets PORT. Visit it through the proxy's URL, as users would; it sleeps without a request, a browser \
      gets a loading page while it wakes, anything else waits. Its own port bypasses all that. Ends with SIGINT or \
      SIGTERM, and takes the service and its control groups along.
      """
  )

  @Option(help: "The plan, by its id in the catalogue.")
  var plan = "free"

  @Option(help: "Sleep after this long without a request instead of the plan's time; pooled hours shrink alike.")
  var idle: String?

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The proxy's port, 0 for any free one.")
  var port = 0

  @Option(
    help: ArgumentHelp(
      "A file that appears once the service has answered or its first start has failed: one line of JSON.",
      valueName: "path"))
  var readyFile: String?

  @Option(help: ArgumentHelp("Write every change of state to this file, a line of JSON each.", valueName: "path"))
  var events: String?

  @Option(help: "Running hours a month before the service is suspended, instead of the plan's.")
  var pooledHours: Double?

  @Flag(help: "Print the events as JSON lines on standard output.")
  var json = false

  @OptionGroup var options: PlanOptions

  @Argument(parsing: .postTerminator, help: "What starts the service, after '--'.")
  var command: [String] = []

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port \(port): expected 0 to 65535") }
    if let pooledHours, !(pooledHours > 0 && pooledHours <= 1e6) {
      throw ValidationError("--pooled-hours \(pooledHours): expected hours above 0")
    }
  }

  func run() throws {
    try emulate()
  }

  private func emulate() throws {
    let catalogue = try Catalogue.named(options.catalogue)
    let plan = try options.plan(plan, in: catalogue)
    let service = try options.service(command)
    let idleSeconds = try idle.map { try PlanOptions.duration("--idle", $0).seconds }
    if let idle, idleSeconds == 0 { throw CommandFailure(.usage, "--idle \(idle): expected more than 0s") }
    var rule = EdgeRule(plan.plan.sleep, idle: idleSeconds, pooledHours: pooledHours)
    if let wake = try options.platformWake(of: plan.plan.sleep) { rule.platformWake = wake.value }
    rule.startTimeout = try PlanOptions.duration("--start-timeout", options.startTimeout).seconds
    if let idle, plan.plan.sleep == nil {
      Console.say("\(plan.plan.name) never sleeps: --idle \(idle) changes nothing")
    }
    if let readyFile { try? FileManager.default.removeItem(atPath: readyFile) }
    let ready = DispatchSemaphore(value: 0)
    let ending = Ending()
    // After the first signal the service has its grace to end; the second takes it away.
    let interrupt: @Sendable () -> Void = {
      ending.come()
      ready.signal()
    }
    let signals = InterruptSignals(repeated: { ending.hurry() }, interrupt)
    defer { signals.cancel() }
    let servicePort = try LocalPort.free(UInt16(options.servicePort))
    let limiter = try options.limiter(plan.limits)
    defer { limiter.remove() }
    let journal = try EventJournal(path: events, printsJSON: json, limiter: limiter.kind)
    let process = ServiceProcess(service, limits: plan.limits, limiter: limiter, port: servicePort)
    ending.process = process
    let edge = EdgeProxy(rule, service: process, observe: { journal.record($0) }, whenReady: { ready.signal() })
    let bound = try edge.start(host: host, port: port)
    defer { edge.stop() }
    let shownHost = host.contains(":") ? "[\(host)]" : host
    say(plan, rule, limiter.kind, url: "http://\(shownHost):\(bound)", servicePort: servicePort)
    ready.wait()
    if !ending.hasCome {
      sayFailure(edge.lastExit)
      if let readyFile {
        try ReadyLine(
          url: "http://\(shownHost):\(bound)", serviceURL: "http://127.0.0.1:\(servicePort)", host: host, port: bound,
          plan: plan.plan.id, limiter: limiter.kind
        ).write(to: readyFile)
      }
    }
    ending.wait()
    if let readyFile { try? FileManager.default.removeItem(atPath: readyFile) }
  }

  private func say(_ plan: EmulatedPlan, _ rule: EdgeRule, _ limiter: LimiterKind, url: String, servicePort: UInt16) {
    let sleep =
      rule.idle.map {
        "sleeps after \(DurationText.format(.seconds($0))), platform's part of a wake "
          + "\(DurationText.format(.seconds(rule.platformWake))) (assumed)"
      } ?? "never sleeps"
    Console.note("\(plan.title), \(sleep); limits by \(limiter.name)")
    Console.note("visits  \(url)")
    Console.note("service http://127.0.0.1:\(servicePort) (past the edge)")
  }

  private func sayFailure(_ exit: ProcessExit?) {
    guard let exit else { return }
    Console.say("the service's first start failed: \(exit.cause)")
    for line in exit.outputTail.split(separator: "\n") { Console.note("  │ \(line)") }
  }
}

/// The wish to end, once.
private final class Ending: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let state = Mutex<(hasCome: Bool, process: ServiceProcess?)>((false, nil))

  func come() {
    state.withLock { $0.hasCome = true }
    semaphore.signal()
  }

  var hasCome: Bool { state.withLock { $0.hasCome } }

  var process: ServiceProcess? {
    get { state.withLock { $0.process } }
    set { state.withLock { $0.process = newValue } }
  }

  /// Doesn't wait for the service's own end.
  func hurry() { process?.kill() }

  func wait() { semaphore.wait() }
}

/// The ready file's one line.
private struct ReadyLine: Encodable {
  var url: String
  var serviceURL: String
  var host: String
  var port: Int
  var pid = ProcessInfo.processInfo.processIdentifier
  var plan: String
  var limiter: String

  init(url: String, serviceURL: String, host: String, port: Int, plan: String, limiter: LimiterKind) {
    self.url = url
    self.serviceURL = serviceURL
    self.host = host
    self.port = port
    self.plan = plan
    self.limiter = limiter.rawValue
  }

  private enum CodingKeys: String, CodingKey {
    case url, host, port, pid, plan, limiter
    case serviceURL = "service_url"
  }

  func write(to path: String) throws(CommandFailure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CommandFailure(.unavailable, "--ready-file \(path): can't be written: \(error.localizedDescription)")
    }
  }
}

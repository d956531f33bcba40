import ArgumentParser
import Curl
import Documents
import Evidence
import Foundation
import HTTPService
import Logging
import Logs
import MonitorLedger
import MonitorProbe
import MonitorSleep
import ServiceLifecycle
import Services
import Terminal
import Timers
import Wording

struct MonitorRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Watches the services of a file until SIGTERM or SIGINT.",
    discussion: """
      Services send their heartbeats to POST /heartbeat/<name> (docs/monitor.md); GET /state tells where they stand. \
      What is seen goes to the ledger that the file names, from which `outgrown monitor report` reads.
      """
  )

  @Argument(help: "The file, as docs/monitor.md describes it.")
  var file: String

  @Option(help: ArgumentHelp("Where heartbeats are received; port 0: any free one.", valueName: "host:port"))
  var listen: String?

  @Option(help: ArgumentHelp("Where the ledger is kept, instead of what the file says.", valueName: "path"))
  var ledger: String?

  @Option(help: ArgumentHelp("A file that appears once the monitor watches: one line of JSON.", valueName: "path"))
  var readyFile: String?

  func run() async throws {
    var address: ListeningAddress?
    if let listen {
      guard let parsed = ListeningAddress(parsing: listen) else {
        throw ValidationError("--listen '\(listen.prefix(80))': host:port was expected, such as 127.0.0.1:8787")
      }
      address = parsed
    }
    let configuration = try MonitorConfiguration(path: file, environment: ProcessInfo.processInfo.environment)
    let listening = address ?? configuration.listen ?? MonitorConfiguration.defaultListen
    if let open = configuration.services.first(where: { $0.sensor == .heartbeats && $0.token == nil }),
      !listening.isLoopback
    {
      throw ValidationError(
        "\(listening.host) can be reached by others, and '\(open.name)' has no token_env: anybody could send its "
          + "heartbeats")
    }
    try await MonitorRun(
      configuration: configuration, address: listening, ledgerPath: ledger ?? configuration.ledger,
      readyFile: readyFile.map { ReadyFile(path: $0) }
    ).run()
  }
}

/// The monitor, put together.
struct MonitorRun {
  var configuration: MonitorConfiguration
  var address: ListeningAddress
  var ledgerPath: String
  var readyFile: ReadyFile?

  func run() async throws {
    let logger = try LogSettings(environment: ProcessInfo.processInfo.environment, level: .warning).logger("monitor")
    for log in configuration.services.compactMap(\.accessLog) {
      if let refusal = AccessLogTail.refusal(of: log) { throw CommandFailure(.invalidConfiguration, refusal) }
    }
    try readyFile?.clear()
    defer { try? readyFile?.clear() }
    let ledger = try await Ledger.open(ledgerPath)
    let client = try CurlClient()
    defer { client.shutdown() }
    let timers = try TimerThread(logger: logger)
    let writer = LedgerWriter(ledger: ledger, logger: logger, wait: timers.wait)
    var services: [WatchedService] = []
    for watched in configuration.services {
      services.append(
        WatchedService(
          watched, timeScale: configuration.timeScale, resumed: try await ledger.resume(watched.name),
          probe: Probe(client: client), wait: timers.wait, record: { writer.add($0) }, onChange: Self.tell))
      Console.note(Self.introduction(of: watched))
    }
    let readiness = Readiness(
      readyFile: readyFile, bootID: "\(ProcessInfo.processInfo.processIdentifier)", logger: logger)
    let server = HTTPServer(
      router: HeartbeatReceiver(services, ledger: writer).makeRouter(), address: address, logger: logger
    ) { bound in
      Console.note("heartbeats are received at \(bound.url)/heartbeat/<name>")
      readiness.isListening(at: bound)
    }
    async let writing: Void = writer.run()
    do {
      try await ServiceRun.untilSignalled(
        services + [server, readiness], timers: timers, logger: logger)
    } catch {
      writer.finish()
      await writing
      try? ledger.close()
      throw error
    }
    writer.finish()
    await writing
    if writer.unwritten.lost > 0 {
      try? ledger.close()
      throw LedgerError(
        .unwritten,
        "\(CountText.plural(Int(writer.unwritten.lost), "observation")) could not be written to the ledger \(ledgerPath): lost"
          + (writer.failure.map { ": \($0)" } ?? ""))
    }
    try await ledger.prune()
    try ledger.close()
  }

  private static func introduction(of watched: MonitorConfiguration.Watched) -> String {
    let delays = DetectionDelays(watched.rules, sensor: watched.sensor)
    func text(_ seconds: Double) -> String {
      seconds.isFinite ? "≤ " + DurationText.format(.seconds(seconds)) : "never"
    }
    return "\(watched.name): by \(watched.sensor.reported.rawValue); sleep seen in \(text(delays.asleepSilent)), "
      + "a wake in \(text(delays.awake)), death in \(text(delays.died)), a failed wake in \(text(delays.failedWake))"
  }

  @Sendable private static func tell(_ service: String, _ change: StateChange) {
    let late = change.seenAt - change.at
    let seen = late >= 0.05 ? " (seen \(DurationText.format(.seconds(late))) later)" : ""
    print(
      "\(MonitorClock.text(change.at))  \(service)  \(change.from.rawValue) → \(change.to.rawValue)  \(change.cause)\(seen)"
    )
    fflush(nil)
  }
}

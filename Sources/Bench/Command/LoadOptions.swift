import ArgumentParser
import BenchEngine
import BenchScenario
import Foundation
import Terminal
import Wording

/// What every command that makes load can be told.
struct LoadOptions: ParsableArguments {
  @Option(help: "Threads that drive connections. (default: as many as the load needs, at most one a core)")
  var threads: Int?

  @Option(help: "Send due arrivals on multiples of this instead of at once, such as 1ms: cheaper, less exact.")
  var tick: String?

  @Option(help: "PEM file with the certificate authorities to trust instead of the system's.")
  var caFile: String?

  @Flag(help: "Accept any certificate.")
  var insecure = false

  @Option(
    help: ArgumentHelp(
      "Connect there; requests, SNI and the certificate's name stay the target's.", valueName: "host:port"))
  var connectTo: String?

  @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Connect to the target's IPv4 addresses only.")
  var onlyIPv4 = false

  @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Connect to the target's IPv6 addresses only.")
  var onlyIPv6 = false

  @Flag(help: "Keep each thread on a processor of its own.")
  var pin = false

  @Option(
    name: .customLong("i-own-this-target"),
    help: ArgumentHelp("Load this host above 50 requests a second although it is public.", valueName: "host"))
  var ownedTargets: [String] = []

  @Option(help: "File with hosts that may be loaded above 50 requests a second, one a line.")
  var allowFile: String?

  @Flag(help: "Go on although a hosted target would send more than 1 GB.")
  var yes = false

  @Option(
    help:
      "Folder for the reports, report.json, junit.xml and latency.hlog of a run. (default: <name> of the scenario or URL in out/bench, or in out/gate, out/noise, out/capacity)"
  )
  var out: String?

  @Flag(help: "Print the report as JSON on standard output instead of the summary.")
  var json = false

  func validate() throws {
    if let threads, !(1...64).contains(threads) { throw ValidationError("--threads \(threads): expected 1 to 64") }
    if let tick, tickDuration == nil { throw ValidationError("--tick \(tick): expected a duration up to 1s, as 1ms") }
    if let connectTo, ConnectAddress(connectTo) == nil {
      throw ValidationError("--connect-to \(connectTo): expected host:port, such as 127.0.0.1:8443 or [::1]:8443")
    }
    if onlyIPv4, onlyIPv6 { throw ValidationError("both --ipv4 and --ipv6: expected one of them") }
    if insecure, caFile != nil { throw ValidationError("both --insecure and --ca-file: expected one of them") }
  }

  var tickDuration: Duration? {
    guard let tick else { return .zero }
    return DurationText.parse(tick).flatMap { $0 <= .seconds(1) ? $0 : nil }
  }

  var family: AddressFamily? { onlyIPv4 ? .ipv4 : onlyIPv6 ? .ipv6 : nil }

  var tls: TLSPlan { TLSPlan(authorityFile: caFile, insecure: insecure) }

  /// - Throws: `CommandFailure` when the allow file can't be read.
  func policy() throws(CommandFailure) -> TargetPolicy {
    guard let allowFile else { return TargetPolicy(owned: ownedTargets) }
    guard let text = try? String(contentsOfFile: allowFile, encoding: .utf8), text.utf8.count <= 1 << 20 else {
      throw CommandFailure(.invalidConfiguration, "\(allowFile): can't be read as an allow file (UTF-8, a host a line)")
    }
    return TargetPolicy(allowLines: text.split(separator: "\n").map(String.init), owned: ownedTargets)
  }

  /// A scenario as these options have it run.
  /// - Throws: `DocumentError` as `ScenarioCompiler.compile`.
  func compile(
    _ scenario: Scenario, target: TargetURL?, variables: [String: String], at now: Date
  ) throws -> CompiledScenario {
    var options = ScenarioCompiler.Options(
      target: target, variables: variables, secondsSince1970: Int64(now.timeIntervalSince1970),
      tick: tickDuration ?? .zero, tls: tls)
    options.connectTo = connectTo.flatMap { ConnectAddress($0) }
    options.family = family
    options.pinsWorkers = pin
    var compiled = try ScenarioCompiler.compile(scenario, options)
    compiled.load.workers = workers(for: compiled.load.workload)
    for index in compiled.load.phases.indices {
      compiled.load.phases[index].workers = workers(for: compiled.load.phases[index].workload)
    }
    return compiled
  }

  /// One thread drives thousands of users or tens of thousands of requests a second; more only take the target's cores
  /// away when it runs on the same machine.
  func workers(for workload: Workload) -> Int {
    if let threads { return threads }
    let needed: Double =
      switch workload {
      case .users: workload.peak / 2_000
      case .rate: workload.peak / 20_000
      }
    return min(max(Int(needed.rounded(.up)), 1), max(ProcessInfo.processInfo.activeProcessorCount, 1))
  }
}

import Curl
import Evidence
import Foundation
import Glibc
import Plans
import ProvisionDecision
import ProvisionTraffic
import Terminal
import Wording

/// One decision from its options to its files.
struct DecisionSession {
  private let command: DecideCommand
  private var inputs: DecisionInputs
  private var sources: [String] = []

  /// Reads everything before anything is done.
  /// - Throws: what is wrong with a file or an option.
  init(_ command: DecideCommand) throws {
    self.command = command
    if let url = command.url { try ServiceVisit.requireWebAddress(url) }
    let deployment = command.deployment
    let catalogue = try Catalogue.named(deployment.catalogue)
    guard let web = catalogue.web(deployment.plan) else {
      throw CommandFailure(
        .usage,
        "--plan \(deployment.plan): not in \(catalogue.id), expected "
          + Spelling.alternatives(catalogue.web.map(\.id)))
    }
    guard (1...100).contains(deployment.services) else {
      throw CommandFailure(.usage, "--services \(deployment.services): expected 1 to 100")
    }
    let values = try command.values.map { try OwnerValuesReader.read(path: $0) } ?? OwnerValues()
    let now = Hosting(
      web: web.id, database: try Self.database(deployment.database, catalogue),
      cache: try Self.cache(deployment.cache, catalogue))
    inputs = DecisionInputs(catalogue: catalogue, values: values, now: now, services: deployment.services)
    try readEvidence()
  }

  private mutating func readEvidence() throws {
    let evidence = command.evidence
    guard evidence.log.isEmpty || evidence.traffic == nil else {
      throw CommandFailure(.usage, "--log and --traffic: give one of them")
    }
    if !evidence.log.isEmpty {
      let traffic = try command.zones.read(evidence.log)
      inputs.traffic = traffic
      inputs.names.traffic = evidence.log.count == 1 ? name(evidence.log[0]) : "\(evidence.log.count) logs"
      sources += evidence.log.map(name)
    } else if let path = evidence.traffic {
      inputs.traffic = try Self.traffic(path)
      inputs.names.traffic = named(path)
    }
    if let path = evidence.bench {
      inputs.bench = try EvidenceFile.read(BenchReport.self, from: path)
      inputs.names.bench = named(path)
    }
    if let path = evidence.plans {
      inputs.plans = try EvidenceFile.read(PlansReport.self, from: path)
      inputs.names.plans = named(path)
    }
    if let path = evidence.plansWithCache {
      inputs.plansWithCache = try EvidenceFile.read(PlansReport.self, from: path)
      inputs.names.plansWithCache = named(path)
    }
    if let path = evidence.monitor {
      inputs.monitor = try EvidenceFile.read(MonitorReport.self, from: path)
      inputs.names.monitor = named(path)
    }
    if let path = command.values { inputs.names.values = named(path) }
  }

  private func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  private mutating func named(_ path: String) -> String {
    sources.append(name(path))
    return name(path)
  }

  // MARK: Reading

  private static func database(_ text: String?, _ catalogue: Catalogue) throws -> Hosting.Database {
    switch text {
    case nil: return .unsaid
    case "none"?: return .none
    case "external"?: return .external
    case let id?:
      guard let plan = catalogue.database(id) else {
        throw CommandFailure(
          .usage,
          "--database \(id): expected " + Spelling.alternatives(["none", "external"] + catalogue.database.map(\.id)))
      }
      return .plan(plan.id)
    }
  }

  private static func cache(_ text: String?, _ catalogue: Catalogue) throws -> String? {
    guard let text, text != "none" else { return nil }
    guard catalogue.cache(text) != nil else {
      throw CommandFailure(
        .usage, "--cache \(text): expected " + Spelling.alternatives(["none"] + catalogue.cache.map(\.id)))
    }
    return text
  }

  /// Evidence by its ending; anything else is what people write.
  private static func traffic(_ path: String) throws -> Traffic {
    if path.hasSuffix(".json") { return try EvidenceFile.read(Traffic.self, from: path) }
    return try StatedTraffic.read(path: path, build: .current)
  }

  // MARK: Deciding

  func run() async throws -> ExitStatus {
    let visit = await visit()
    let builder = DecisionBuilder(inputs)
    var decision = builder.decision(
      service: command.url.map(ServiceVisit.shown), build: .current,
      at: Date(), sources: sources, alert: visit?.alert, notes: visit.map { $0.alert == nil ? [$0.text] : [] } ?? [])
    var context = builder.stepContext
    context.repository = Version.repository
    context.blueprint = try command.blueprint.map { try DecisionFiles.blueprint($0, decision, in: command.out) }
    decision.nextSteps = NextSteps(decision, context).all
    let paths = try DecisionFiles.write(decision, blueprint: context.blueprint, to: command.out)
    if command.json {
      Console.write(try EvidenceFile.encode(decision))
    } else {
      let style = Console.style
      let lines = DecisionText.render(
        decision, width: TerminalWidth.columns(of: STDOUT_FILENO) ?? 100, style: style, isVerbose: command.verbose)
      print(lines.joined(separator: "\n"))
      let folder = paths[0].dropLast("decision.json".count)
      let more = command.verbose ? "" : " · all of it: --verbose"
      print("\(command.verbose ? "\n" : "")  reports          \(folder)decision.html · .md · .json\(more)")
    }
    switch command.failOn {
    case .upgrade? where decision.verdict == .upgrade: return .notMet
    case .downgrade? where decision.verdict == .downgrade: return .notMet
    case .inconclusive? where ![.stay, .downgrade].contains(decision.verdict): return .notMet
    default: return .pass
    }
  }

  private func visit() async -> ServiceVisit.Finding? {
    guard let url = command.url, !command.noVisit else { return nil }
    let limit = ServiceVisit.limit
    Console.note(
      "visiting \(ServiceVisit.shown(url)), up to \(limit.components.seconds) s (--no-visit leaves it out)")
    return await ServiceVisit.visit(url)
  }
}

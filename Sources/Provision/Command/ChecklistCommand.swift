import ArgumentParser
import Curl
import Documents
import Evidence
import Foundation
import Plans
import ProvisionBlueprint
import ProvisionChecklist
import Terminal

/// `outgrown provision checklist`.
struct ChecklistCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checklist",
    abstract: "Goes through the scaling guide's ten items: each found in what there is, with its place and what to do.",
    discussion: """
      outgrown provision checklist                                      render.yaml, where it is
      outgrown provision checklist --url https://my-service.onrender.com --monitor out/monitor/report.json

      Exit codes: 0 · 69 the service gave no answer · 99 an item is open, with --strict · 104 unreadable.
      """)

  @Argument(help: "The blueprint. (default: render.yaml, where there is one)")
  var blueprint: String?

  @Option(help: "The service: its /health/full is asked, once, which wakes a free service.")
  var url: String?

  @Option(help: "A report of outgrown monitor.")
  var monitor: String?

  @Option(help: "Prices that remedies name: render-2026-10, or a .json file of your own.")
  var catalogue: String = Catalogue.render2026October

  @Flag(help: "Exit 99 when an item is open.")
  var strict = false

  @Flag(help: "Print the list as JSON (schemas/checklist.schema.json).")
  var json = false

  func run() async throws {
    var view = ChecklistView(catalogue: try Catalogue.named(catalogue), now: Date().timeIntervalSince1970)
    var sources: [String] = []
    let path = blueprint ?? (FileManager.default.fileExists(atPath: "render.yaml") ? "render.yaml" : nil)
    if let path {
      view.blueprint = (path, BlueprintOutline(try DocumentReader().read(path: path)))
      sources.append(path)
    }
    if let monitor {
      view.monitor = (monitor, try EvidenceFile.read(MonitorReport.self, from: monitor))
      sources.append(monitor)
    }
    var unanswered: String?
    if let url {
      try ServiceVisit.requireWebAddress(url)
      switch await HealthVisit.ask(url) {
      case .success(let health):
        view.health = health
        sources.append(health.url)
      case .failure(let failure):
        unanswered = failure.text
        sources.append(failure.text)
      }
    }
    guard !sources.isEmpty else {
      throw CommandFailure(
        .invalidConfiguration, "no render.yaml is here: name a blueprint, or --url, or --monitor")
    }
    let list = Checklist(sources: sources, items: ChecklistBuilder.items(view))
    if json { try Console.write(json: list) } else { Console.write(lines: list.text()) }
    if let unanswered { throw CommandFailure(.unavailable, unanswered) }
    if strict, list.count(.open) > 0 { throw ExitStatus.notMet.end }
  }
}

/// The one question that a checklist asks of a service.
enum HealthVisit {
  struct Failure: Error { var text: String }

  static func ask(_ url: String) async -> Result<(url: String, answer: BlueprintItem), Failure> {
    let address = healthAddress(url)
    let shown = ServiceVisit.shown(address)
    do {
      let client = try CurlClient(maxTransfers: 1)
      defer { client.shutdown() }
      // It answers 503 when its store is away, and says so.
      let response = try await client.send(
        CurlRequest(
          url: address, headers: [("Accept", "application/json")], totalTimeout: ServiceVisit.limit,
          maxBodyBytes: 1 << 20, userAgent: "Outgrown/\(Version.number)"))
      guard let root = try? DocumentReader().read(bytes: response.body, file: shown),
        let answer = BlueprintItem(root)
      else { return .failure(Failure(text: "\(shown) answered \(response.status), and no JSON object")) }
      return .success((shown, answer))
    } catch {
      return .failure(Failure(text: "\(shown) gave no answer: \(error.description)"))
    }
  }

  /// `/health/full` of the service, unless a path is given.
  static func healthAddress(_ url: String) -> String {
    let plain = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = plain.firstRange(of: "://") else { return url }
    let path = plain[scheme.upperBound...].drop { $0 != "/" }
    if path.isEmpty { return plain + "/health/full" }
    return path == "/" ? plain + "health/full" : url
  }
}

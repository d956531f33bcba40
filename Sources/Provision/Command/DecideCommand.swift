package import ArgumentParser
import Evidence
import Foundation
import ProvisionDecision
import Terminal

/// `outgrown decide`: stay, upgrade, or what is missing to say so.
package struct DecideCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Says whether a service has outgrown its plan: STAY, UPGRADE, DOWNGRADE or INCONCLUSIVE.",
    discussion: """
      outgrown decide --url https://my-service.onrender.com --log access.log
      outgrown decide --log access.log --plans out/plans/<scenario>/plans.json --values values.yaml

      Each piece of evidence is optional; what is missing becomes a printed assumption, or INCONCLUSIVE with the command \
      that measures it.

      Exit codes: 0 decided, also INCONCLUSIVE · 64 usage · 65 bad data · 99 --fail-on met · \
      104 invalid values or traffic.
      """
  )

  @Flag(
    name: .customLong("init"), help: "Write a commented values.yaml to begin with (or the file of --values), no more.")
  var writesStarter = false

  @Option(help: ArgumentHelp("The service; it is visited once, which resets its idle clock.", valueName: "url"))
  var url: String?

  @Flag(help: "Don't visit the service.")
  var noVisit = false

  @OptionGroup var evidence: EvidenceOptions
  @OptionGroup var zones: LogZoneOptions
  @OptionGroup var deployment: DeploymentOptions

  @Option(help: ArgumentHelp("What things are worth to you: docs/decision.md.", valueName: "file"))
  var values: String?

  @Option(help: ArgumentHelp("A render.yaml to make the change in.", valueName: "file"))
  var blueprint: String?

  @Option(help: ArgumentHelp("The folder for decision.json, decision.md and decision.html.", valueName: "folder"))
  var out = "out/decision"

  @Flag(help: "Print the document (decision.json) instead of the answer.")
  var json = false

  @Flag(help: "Print the signs, what was weighed and what was assumed as well.")
  var verbose = false

  @Option(
    help: ArgumentHelp("End with 99 when this is the verdict; inconclusive: for UPGRADE too.", valueName: "upgrade"))
  var failOn: FailOn?

  package init() {}

  /// Tests hold it to what `--values` reads. What nobody knows yet stays a comment, so that it is not taken for told.
  static let starter = StarterFile(
    """
    # What things are worth to you. Take the # away where you know; what you don't say is assumed, and the answer says so.
    # Every key: docs/decision.md
    keep_awake: allowed             # or refused: pings that keep it awake
    # value_per_cold_visit: 0.02    # dollars that a visit to a sleeping or waking service costs
    # keep_awake_by: cron service   # or github actions, own host, platform cron
    # keep_awake_miss: 2%           # of its pings, by its history, and in how many hours a month none comes:
    # keep_awake_outages: 1
    # memory_peak: 180 MB           # what the service holds at most
    # max_affected: 5%              # the largest share of visits that may meet a sleeping service
    # growth_per_year: 0%
    # data: scrapeable              # or precious: it can't be had again
    # other_service_hours: 300      # running hours a month of the workspace's other free services
    # alerts_at: ["07:30"]          # when it acts by itself
    # scrape_every: 6h

    """)

  enum FailOn: String, ExpressibleByArgument, CaseIterable { case upgrade, downgrade, inconclusive }

  package func run() async throws {
    guard !writesStarter else {
      let path = values ?? "values.yaml"
      return try Self.starter.write(to: path, then: "outgrown decide --log access.log --values \(path)")
    }
    let session = try DecisionSession(self)
    let code = try await session.run()
    if code != .pass { throw code.end }
  }
}

/// The evidence that a decision is made of.
struct EvidenceOptions: ParsableArguments {
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Access logs.", valueName: "file"))
  var log: [String] = []

  @Option(help: ArgumentHelp("traffic.json of provision traffic, or traffic.yaml by hand.", valueName: "file"))
  var traffic: String?

  @Option(help: ArgumentHelp("report.json of bench run.", valueName: "file"))
  var bench: String?

  @Option(help: ArgumentHelp("out/plans/<scenario>/plans.json of bench plans.", valueName: "file"))
  var plans: String?

  @Option(help: ArgumentHelp("plans.json measured with the service's cache on.", valueName: "file"))
  var plansWithCache: String?

  @Option(help: ArgumentHelp("out/monitor/<service>/monitor.json of monitor report.", valueName: "file"))
  var monitor: String?
}

/// Where the service is now.
struct DeploymentOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The web plan that it is on.", valueName: "plan"))
  var plan = "free"

  @Option(help: ArgumentHelp("Where its data is: free, none, external or a plan's name.", valueName: "plan"))
  var database: String?

  @Option(help: ArgumentHelp("The cache's plan, when it has one.", valueName: "plan"))
  var cache: String?

  @Option(help: ArgumentHelp("Prices: render-2026-10, scaling-guide or a file.", valueName: "catalogue"))
  var catalogue = "render-2026-10"

  @Option(help: ArgumentHelp("Free services in the workspace, this one included.", valueName: "n"))
  var services = 1
}

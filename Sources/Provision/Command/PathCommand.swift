import ArgumentParser
import Plans
import ProvisionBlueprint
import ProvisionCost
import Terminal

/// `outgrown provision path`.
struct PathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract: "The scaling guide's upgrade path for a deployment: what each step costs, and what decides it.",
    discussion: "docs/scaling-guide.md walks the whole guide.")

  @Argument(help: "The deployment, as docs/blueprint.md describes it.")
  var deployment = "deploy/deployment.yaml"

  @Option(help: "Today's prices: render-2026-10, or a .json file of your own.")
  var catalogue: String = Catalogue.render2026October

  @Flag(help: "Print the steps as JSON.")
  var json = false

  func run() throws {
    let path = try UpgradePath(
      try DeploymentReader.read(path: deployment), guide: try Catalogue.named(Catalogue.scalingGuide),
      today: try Catalogue.named(catalogue))
    if json { try Console.write(json: path) } else { Console.write(lines: path.text()) }
  }
}

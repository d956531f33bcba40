import ArgumentParser
import Documents
import Foundation
import Plans
import ProvisionBlueprint
import ProvisionCost
import Terminal
import Wording

/// `outgrown provision cost`.
struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "Prices a deployment, a render.yaml, or one of the scaling guide's set-ups, to the cent.",
    discussion: """
      outgrown provision cost                     every plan set of ours
      outgrown provision cost render.yaml         anybody's blueprint
      outgrown provision cost --preset minimal    the guide's set-up, then and today
      """)

  @Argument(
    help: "A deployment (docs/blueprint.md) or a blueprint. (default: deploy/deployment.yaml, else render.yaml)")
  var deployment: String?

  @Option(help: "A set-up of the scaling guide: minimal or full-featured.")
  var preset: String?

  @Option(help: "Only this plan set of the deployment.")
  var planSet: String?

  @Option(help: "Prices to use: scaling-guide, render-2026-10, or a .json file of your own.")
  var catalogue: String = Catalogue.render2026October

  @Flag(help: "Print the sheets as JSON.")
  var json = false

  @Option(help: "How to print: text, or json (as --json).")
  var format: Format = .text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  private var printsJSON: Bool { json || format == .json }

  func validate() throws {
    if preset != nil, deployment != nil || planSet != nil {
      throw ValidationError("both --preset and a deployment: expected one of them")
    }
  }

  func run() throws {
    let catalogue = try Catalogue.named(catalogue)
    if let preset {
      try show(preset, catalogue)
    } else {
      let sheets = try sheets(of: try deployment ?? Self.found(), catalogue)
      if printsJSON { return try Console.write(json: CostDocument(sheets: sheets)) }
      print(sheets.map { CostText.render($0).joined(separator: "\n") }.joined(separator: "\n\n"))
    }
  }

  /// What is there of the two files that people have.
  private static func found() throws(CommandFailure) -> String {
    let paths = ["deploy/deployment.yaml", "render.yaml"]
    guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw CommandFailure(
        .invalidConfiguration,
        "neither deploy/deployment.yaml nor render.yaml is here: name a deployment or a blueprint")
    }
    return path
  }

  private func sheets(of path: String, _ catalogue: Catalogue) throws -> [CostSheet] {
    let root = try DocumentReader().read(path: path)
    if BlueprintCost.isBlueprint(root) {
      guard planSet == nil else {
        throw CommandFailure(.usage, "--plan-set with \(path): expected a deployment; this is a blueprint")
      }
      return [try BlueprintCost.sheet(root, file: path, by: catalogue)]
    }
    let deployment = try DeploymentReader.read(path: path)
    let replaced = try Catalogue.named(Catalogue.render2026October).successors ?? []
    return try PlanSetOption.select(planSet, deployment).map { set in
      try DeploymentCost.sheet(deployment, set, by: catalogue, replaced: replaced)
    }
  }

  private func show(_ name: String, _ catalogue: Catalogue) throws {
    guard let preset = Preset(rawValue: name) else {
      throw CommandFailure(
        .usage, "--preset \(name): expected \(Spelling.alternatives(Preset.allCases.map(\.rawValue)))")
    }
    let guide = try Catalogue.named(Catalogue.scalingGuide)
    let guideSheet = try preset.guideSheet(guide)
    guard catalogue.id != guide.id else {
      if printsJSON { return try Console.write(json: CostDocument(sheets: [guideSheet])) }
      return print(CostText.render(guideSheet).joined(separator: "\n"))
    }
    let today = try preset.sheet(catalogue, insteadOf: guide)
    if printsJSON { return try Console.write(json: CostDocument(sheets: [guideSheet, today])) }
    print(CostText.compare(guide: guideSheet, today: today).joined(separator: "\n"))
  }
}

/// Finds the plan sets that `--plan-set` names.
enum PlanSetOption {
  /// All of them without a name.
  /// - Throws: `CommandFailure` with 64 for a name that the deployment doesn't have.
  static func select(_ name: String?, _ deployment: Deployment) throws(CommandFailure) -> [Deployment.PlanSet] {
    guard let name else { return deployment.planSets }
    guard let set = deployment.planSet(name) else {
      let names = deployment.planSets.map(\.name)
      throw CommandFailure(
        .usage,
        "--plan-set \(name): expected \(RenderVocabulary.expected(for: name, among: names)) (\(deployment.file))")
    }
    return [set]
  }
}

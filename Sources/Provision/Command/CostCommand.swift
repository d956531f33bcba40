import ArgumentParser
import Documents
import Foundation
import Instants
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
      outgrown provision cost                           every plan set of ours
      outgrown provision cost render.yaml               anybody's blueprint
      outgrown provision cost --usage usage.yaml        with what is used (docs/plans.md)
      outgrown provision cost --diff old.yaml new.yaml  what the change costs
      outgrown provision cost render.yaml --diff-git origin/main --format markdown
      outgrown provision cost --preset minimal          the guide's set-up, then and today
      """)

  @Argument(
    help: "A deployment (docs/blueprint.md) or a blueprint. (default: deploy/deployment.yaml, else render.yaml)")
  var deployment: String?

  @Option(help: "A set-up of the scaling guide: minimal or full-featured.")
  var preset: String?

  @Option(help: "Only this plan set of the deployment.")
  var planSet: String?

  @Option(help: "What is used in a month, as docs/plans.md describes it.")
  var usage: String?

  @Option(help: "Compare with this blueprint or deployment.")
  var diff: String?

  @Option(help: "Compare with the same file in this revision of git.")
  var diffGit: String?

  @Option(help: "Exit 99 when the total is above so many dollars a month, 98 when part of it has no price.")
  var failAbove: Double?

  @Option(help: "Prices to use: scaling-guide, render-2026-10, or a .json file of your own.")
  var catalogue: String = Catalogue.render2026October

  @Flag(help: "Print the sheets as JSON.")
  var json = false

  @Option(help: "How to print: text, json (as --json), markdown (a pull request's comment), infracost (its JSON).")
  var format: Format = .text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, infracost }

  private var printsJSON: Bool { json || format == .json }

  func validate() throws {
    if diff != nil, diffGit != nil { throw ValidationError("both --diff and --diff-git: expected one of them") }
    if json, format != .text, format != .json {
      throw ValidationError("both --json and --format \(format.rawValue): expected one of them")
    }
    if let failAbove, !(0...1_000_000_000).contains(failAbove) {
      throw ValidationError("--fail-above \(failAbove): expected dollars from 0 to 1,000,000,000")
    }
    if preset != nil, usage != nil || diff != nil || diffGit != nil || format == .markdown || format == .infracost {
      throw ValidationError("--preset stands by itself: expected no usage, no comparison, text or json")
    }
    if preset != nil, deployment != nil || planSet != nil {
      throw ValidationError("both --preset and a deployment: expected one of them")
    }
  }

  func run() throws {
    let catalogue = try Catalogue.named(catalogue)
    if let preset { return try show(preset, catalogue) }
    let path = try deployment ?? Self.found()
    let usage = try usage.map { try UsageReader.read(path: $0) }
    let sheets = try sheets(of: try DocumentReader().contents(path: path), path, catalogue, usage)
    if let before = try earlier(path) {
      guard let now = sheets.first, sheets.count == 1 else {
        throw CommandFailure(.usage, "\(path) has \(sheets.count) plan sets: name one of them with --plan-set")
      }
      guard let old = try self.sheets(of: before.bytes, before.path, catalogue, usage).first else { return }
      try show([(now, old)], path)
    } else {
      try show(sheets.map { ($0, nil) }, path)
    }
    if let failAbove { try judge(sheets, Money(approximately: failAbove)) }
  }

  /// What is left out of a total has a price that nobody knows: it can be above, and is never said to be below.
  private func judge(_ sheets: [CostSheet], _ limit: Money) throws {
    if let most = sheets.map(\.total).max(), most > limit {
      Console.say("\(most) a month is above the $\(limit.centsText) of --fail-above")
      throw ExitStatus.notMet.end
    }
    if let partial = sheets.first(where: \.isPartial) {
      Console.say(
        "whether \(partial.name) is above the $\(limit.centsText) of --fail-above is not known: left out of its "
          + "\(partial.total) a month are \(partial.leftOut.count) things without a dated price, named above")
      throw ExitStatus.noData.end
    }
  }

  private func show(_ sheets: [(now: CostSheet, before: CostSheet?)], _ path: String) throws {
    let blocks: [[String]]
    switch json ? .json : format {
    case .json: return try Console.write(json: CostDocument(sheets: sheets.map(\.now)))
    case .infracost:
      let command = sheets.contains { $0.before != nil } ? "diff" : "breakdown"
      return try Console.write(
        json: InfracostDocument(sheets, time: InstantText.utc(Date().timeIntervalSince1970), command: command))
    case .markdown:
      blocks = sheets.map { now, before in
        before.map { CostDifference(from: $0, to: now).markdown() } ?? CostMarkdown.render(now)
      }
    case .text:
      blocks = sheets.map { now, before in
        before.map { CostDifference(from: $0, to: now).text() } ?? CostText.render(now)
      }
    }
    print(blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
  }

  /// What it is compared with.
  private func earlier(_ path: String) throws -> (bytes: [UInt8], path: String)? {
    if let diff { return (try DocumentReader().contents(path: diff), diff) }
    guard let diffGit else { return nil }
    return (try GitFile.contents(of: path, at: diffGit), "\(path) at \(diffGit)")
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

  private func sheets(
    of bytes: [UInt8], _ path: String, _ catalogue: Catalogue, _ usage: Usage?
  ) throws -> [CostSheet] {
    let root = try DocumentReader().read(bytes: bytes, file: path)
    if BlueprintCost.isBlueprint(root) {
      guard planSet == nil else {
        throw CommandFailure(.usage, "--plan-set with \(path): expected a deployment; this is a blueprint")
      }
      return [try BlueprintCost.sheet(root, file: path, by: catalogue, usage: usage)]
    }
    let deployment = try DeploymentReader.read(text: String(decoding: bytes, as: UTF8.self), file: path)
    let replaced = try Catalogue.named(Catalogue.render2026October).successors ?? []
    return try PlanSetOption.select(planSet, deployment).map { set in
      try DeploymentCost.sheet(deployment, set, by: catalogue, replaced: replaced, usage: usage)
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

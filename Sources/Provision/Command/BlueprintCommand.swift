import ArgumentParser
import Documents
import Evidence
import Foundation
import ProvisionBlueprint
import ProvisionCost
import Terminal

/// `outgrown provision blueprint`.
struct BlueprintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blueprint",
    abstract: "Writes a deployment as Render's Blueprint or for other hosts, or checks that the files are that.",
    discussion: """
      outgrown provision blueprint            prints the first plan set's blueprint
      outgrown provision blueprint --write    writes each plan set's file
      outgrown provision blueprint --check    exits 99 when a file differs
      outgrown provision blueprint --plan-set production --out render.yaml
      outgrown provision blueprint --diff render.yaml --plan-set production   what would change
      outgrown provision blueprint --for cloudflare,fly --write               beside Render's
      """)

  @Argument(help: "The deployment, as docs/blueprint.md describes it.")
  var deployment = "deploy/deployment.yaml"

  @Option(help: "Only this plan set of the deployment. (default: its first; all with --write and --check)")
  var planSet: String?

  @Option(help: "Write to this file, or check it, instead of the one that the plan set names.")
  var out: String?

  @Flag(help: "Write the file that each plan set names.")
  var write = false

  @Flag(help: "Write nothing; exit 99 when a file is not what would be written.")
  var check = false

  @Option(help: "Write for these instead, with commas between: cloudflare (Terraform), fly, railway.")
  var `for`: String?

  @Option(help: "Say what would change against this blueprint; exit 99 when Render can't do some of it in place.")
  var diff: String?

  func validate() throws {
    if diff != nil, write || check || out != nil || `for` != nil {
      throw ValidationError("--diff compares only: expected no --write, --check, --out or --for")
    }
    if write, check { throw ValidationError("both --write and --check: expected one of them") }
  }

  func run() throws {
    if let diff { return try compare(with: diff) }
    let deployment = try DeploymentReader.read(path: deployment)
    let files = try selected(deployment)
    if check {
      if try !differing(files).isEmpty { throw ExitStatus.notMet.end }
    } else if write || out != nil {
      for file in files {
        try Self.write(file)
        print("wrote \(file.path) (plan set \(file.planSet))")
      }
    } else if let file = files.first {
      Console.write(Data(file.text.utf8))
    }
  }

  private struct File {
    var planSet: String
    var path: String
    var text: String
  }

  /// The deployment may be a blueprint of anybody's, too.
  private func compare(with old: String) throws {
    let before = try DocumentReader().read(path: old)
    let root = try DocumentReader().read(path: deployment)
    let after: DocumentNode
    if BlueprintCost.isBlueprint(root) {
      after = root
    } else {
      let deployment = try DeploymentReader.read(path: deployment)
      guard let set = try PlanSetOption.select(planSet, deployment).first else { return }
      after = try DocumentReader().read(text: BlueprintText.make(deployment, set), file: self.deployment)
    }
    let changes = BlueprintChanges(from: before, to: after)
    Console.write(lines: changes.text())
    if changes.hasObstacle { throw ExitStatus.notMet.end }
  }

  /// - Throws: `CommandFailure` with 64 for a host that nothing is written for.
  private func hosts(_ list: String) throws(CommandFailure) -> [OtherHost] {
    var hosts: [OtherHost] = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let host = OtherHost(rawValue: String(word)) else {
        let known = OtherHost.allCases.map(\.rawValue)
        throw CommandFailure(
          .usage,
          "--for \(String(word).excerpt): expected \(RenderVocabulary.expected(for: String(word), among: known))")
      }
      if !hosts.contains(host) { hosts.append(host) }
    }
    guard hosts.count == 1 || write || check, hosts.count == 1 || out == nil else {
      throw CommandFailure(.usage, "--for \(list.excerpt): expected one host, or --write or --check without --out")
    }
    return hosts
  }

  private func selected(_ deployment: Deployment) throws -> [File] {
    var sets = try PlanSetOption.select(planSet, deployment)
    if let list = `for` {
      guard let set = sets.first else { return [] }
      return try hosts(list).map { host in
        File(planSet: set.name, path: out ?? deployment.path(of: host), text: host.make(deployment, set))
      }
    }
    // A single file or standard output takes a single plan set.
    if out != nil || !(write || check) { sets = Array(sets.prefix(1)) }
    return sets.map { set in
      File(
        planSet: set.name, path: out ?? deployment.path(of: set), text: BlueprintText.make(deployment, set))
    }
  }

  private func differing(_ files: [File]) throws -> [File] {
    try files.filter { file in
      guard FileManager.default.fileExists(atPath: file.path) else {
        report(file, "\(file.path): is missing, which plan set \(file.planSet) of \(deployment) names")
        return true
      }
      let found = try DocumentReader().contents(path: file.path)
      let difference = BlueprintDifference.first(expected: file.text, found: String(decoding: found, as: UTF8.self))
      guard let difference else {
        print("\(file.path): as the deployment asks (plan set \(file.planSet))")
        return false
      }
      report(
        file,
        """
        \(file.path):\(difference.line): not what \(deployment) makes of plan set \(file.planSet)
          expected: \(difference.expected ?? "the end of the file")
          found:    \(difference.found ?? "the end of the file")
        """)
      return true
    }
  }

  private func report(_ file: File, _ message: String) {
    let remedy =
      "  to write it: outgrown provision blueprint \(deployment) \(`for`.map { "--for \($0) " } ?? "")--plan-set "
      + "\(file.planSet) \(`for` == nil ? "--out \(file.path)" : "--write")"
    Console.note("\(message)\n\(remedy)")
  }

  private static func write(_ file: File) throws {
    let url = URL(filePath: file.path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url, options: .atomic)
    } catch {
      throw CommandFailure(.unavailable, "\(file.path): can't be written (\(error.localizedDescription))")
    }
  }
}

import Documents
import Foundation
import Plans
import ProvisionCost
import ProvisionLint

/// `ProvisionBenchmark [SERVICES]`: how long judging and pricing a blueprint takes, in milliseconds, the best of five;
/// services refer to each other and to one database.
@main
struct ProvisionBenchmark {
  static func main() throws {
    let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000
    guard (1...5_000).contains(count), let catalogue = try Catalogue.bundled(Catalogue.render2026October) else {
      print("usage: ProvisionBenchmark [SERVICES up to 5000]")
      exit(64)
    }
    let services = (0..<count).map { number in
      """
        - { type: web, name: s\(number), runtime: docker, plan: starter, healthCheckPath: /health, envVars: [
            { key: A, value: x }, { key: B, fromService: { type: web, name: s\((number + 1) % count), envVarKey: A } },
            { key: C, fromDatabase: { name: pg, property: connectionString } }] }
      """
    }
    let text =
      "services:\n\(services.joined(separator: "\n"))\ndatabases: [{ name: pg, plan: basic-1gb, diskSizeGB: 10 }]\n"
    let root = try DocumentReader().read(text: text, file: "render.yaml")
    print("read  \(best { _ = try? DocumentReader().read(text: text, file: "render.yaml") }) ms")
    print("lint  \(best { _ = Linter.findings(in: root, catalogue: catalogue) }) ms")
    print("cost  \(best { _ = try? BlueprintCost.sheet(root, file: "render.yaml", by: catalogue) }) ms")
  }

  private static func best(_ work: () -> Void) -> Double {
    let seconds = (0..<5).map { _ in
      let started = Date()
      work()
      return Date().timeIntervalSince(started)
    }
    return ((seconds.min() ?? 0) * 10_000).rounded() / 10
  }
}

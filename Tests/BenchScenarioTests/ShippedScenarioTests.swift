import BenchEngine
import Foundation
import TestSupport
import Testing

@testable import BenchScenario

/// What the repository ships for authors of scenarios: examples, and the page that lists every key.
struct ShippedScenarioTests {
  private static let folder = SchemaCorpus.root.appending(path: "scenarios").path

  private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test("there are scenarios for the usual questions")
  func all() {
    #expect(
      Self.names.map { String($0.dropLast(5)) } == [
        "campus-morning", "cold-start", "constant-rate", "scrape-storm", "smoke", "soak", "spike",
      ])
  }

  @Test("each can be run, and its first line tells editors where the schema is", arguments: names)
  func each(name: String) throws {
    let path = "\(Self.folder)/\(name)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let comment = "# yaml-language-server: $schema="
    let first = try #require(text.split(separator: "\n").first)
    #expect(first.hasPrefix(comment))
    #expect(FileManager.default.fileExists(atPath: "\(Self.folder)/\(first.dropFirst(comment.count))"))
    let scenario = try ScenarioReader.read(path: path)
    #expect(scenario.name == String(name.dropLast(5)))
    let plan = try ScenarioCompiler.plan(scenario, .init(secondsSince1970: 0, environment: [:]))
    #expect(plan.duration > .zero && !scenario.budgets.isEmpty && scenario.description != nil)
  }

  @Test("a cold start leaves the service alone, visits it once, and sends a herd with the visit")
  func coldStart() throws {
    let scenario = try ScenarioReader.read(path: "\(Self.folder)/cold-start.yaml")
    let plan = try ScenarioCompiler.plan(
      scenario, .init(variables: ["idle": "20s"], secondsSince1970: 0, environment: [:]))
    #expect(plan.phaseSpans.map(\.start) == [.seconds(20), .seconds(20)])
    #expect(scenario.phases.map { $0.wakes != nil } == [true, false])
    #expect(!EgressEstimate.needsProbe(plan))
  }

  @Test("docs/scenario.md is what scripts/scenario-docs makes of the schema", .enabled(if: SchemaCorpus.python != nil))
  func page() throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(SchemaCorpus.python))
    process.arguments = [SchemaCorpus.root.appending(path: "scripts/scenario-docs").path, "--print"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let page = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    #expect(process.terminationStatus == 0)
    let stored = try Data(contentsOf: SchemaCorpus.root.appending(path: "docs/scenario.md"))
    #expect(page == stored, "run scripts/scenario-docs")
  }

  @Test("the page names every key of the decoder")
  func keys() throws {
    let page = try String(contentsOf: SchemaCorpus.root.appending(path: "docs/scenario.md"), encoding: .utf8)
    for key in ScenarioDecoder.keys + ScenarioDecoder.loadKeys + ScenarioDecoder.stepKeys {
      #expect(page.contains("`\(key)`"), "\(key)")
    }
  }
}

import Documents
import Foundation
import TestSupport
import Testing

@testable import ProvisionBlueprint

@Suite struct BlueprintTextTests {
  private func deployment(_ change: (inout String) -> Void = { _ in }) throws -> Deployment {
    var text = DeploymentReaderTests.valid
    change(&text)
    return try DeploymentReader.read(text: text, file: "deploy/deployment.yaml")
  }

  private func blueprint(_ set: String, _ change: (inout String) -> Void = { _ in }) throws -> String {
    let deployment = try deployment(change)
    return BlueprintText.make(deployment, try #require(deployment.planSet(set)))
  }

  @Test("the repository's blueprints are what its deployment makes")
  func committed() throws {
    let root = SchemaCorpus.root
    let deployment = try DeploymentReader.read(path: root.appending(path: "deploy/deployment.yaml").path)
    #expect(deployment.planSets.map(\.name) == ["free", "production"])
    for set in deployment.planSets {
      let file = try String(contentsOfFile: deployment.path(of: set), encoding: .utf8)
      let difference = BlueprintDifference.first(expected: BlueprintText.make(deployment, set), found: file)
      #expect(difference == nil, "outgrown provision blueprint --write")
    }
  }

  @Test("services of two regions, one database at home, its external URL elsewhere")
  func wiring() throws {
    let text = try blueprint("free")
    let parts = text.components(separatedBy: "\n  - type: web\n")
    try #require(parts.count == 3)
    #expect(parts[1].contains("name: small-oregon\n") && parts[1].contains("region: oregon # home\n"))
    #expect(parts[1].contains("fromDatabase:\n          name: small-db\n          property: connectionString\n"))
    #expect(parts[2].contains("name: small-frankfurt\n") && !parts[2].contains("fromDatabase"))
    #expect(parts[2].contains("- key: DATABASE_URL\n        sync: false # the database's external URL"))
    #expect(parts[2].contains("databases:\n  - name: small-db\n    region: oregon\n    plan: free\n"))
    #expect(parts[1...].allSatisfy { $0.contains("healthCheckPath: /health\n") && $0.contains("runtime: docker\n") })
  }

  @Test("plans and disk are the plan set's")
  func plans() throws {
    let text = try blueprint("paid")
    #expect(text.contains("    plan: starter\n"))
    #expect(text.contains("    plan: basic-256mb\n    diskSizeGB: 5 # 15 GB unless said\n"))
    #expect(!text.contains("750 hours"))
  }

  @Test("the head says the hours and the expiry that free plans have")
  func head() throws {
    let text = try blueprint("free").replacing("\n#  ", with: "")
    #expect(text.contains("2 free services") && text.contains("750 hours") && text.contains("1,488"))
    #expect(text.contains("expires 30 days after its creation"))
    #expect(try blueprint("free") { $0.replace("oregon, ", with: "") }.contains("may run 750 hours a month"))
  }

  @Test("without a database there is none")
  func noDatabase() throws {
    let text = try blueprint("free") {
      $0.replace("database:\n  variable: DATABASE_URL\n", with: "")
      $0.replace("database: free, ", with: "")
      $0.replace("database: basic-256mb, disk_gb: 5, ", with: "")
    }
    #expect(!text.contains("database") && !text.contains("DATABASE_URL"))
    #expect(text.hasSuffix("sync: false\n"))
  }

  @Test("the region nearest to the audience is named when it is not used, and when it is")
  func nearest() throws {
    let note = try #require(BlueprintText.regionNote(try deployment()))
    #expect(note.hasPrefix("Singapore is nearer to Jodhpur (about 4,"))
    #expect(note.contains("(Frankfurt: 6,0"))
    let used = try deployment { $0.replace("frankfurt]", with: "singapore]") }
    #expect(BlueprintText.regionNote(used)?.hasPrefix("Singapore is the region nearest to Jodhpur") == true)
    let silent = try deployment {
      $0.replace("audience: { place: Jodhpur, latitude: 26.5, longitude: 73.1 }\n", with: "")
    }
    #expect(BlueprintText.regionNote(silent) == nil)
  }

  @Test("great circles: a quarter of the Earth, and Frankfurt to Singapore")
  func distances() {
    let pole = Location(latitude: 90, longitude: 0)
    let quarter = pole.kilometres(to: Location(latitude: 0, longitude: 123))
    #expect(abs(quarter - 6_371 * .pi / 2) < 0.001)
    // 10,260 km between the cities.
    #expect(abs(RenderRegion.frankfurt.location.kilometres(to: RenderRegion.singapore.location) - 10_260) < 60)
    #expect(pole.kilometres(to: pole) == 0)
  }

  /// Texts that YAML would read as something else, or not at all.
  static let awkward = [
    "", " ", "plain", "https://a.example/b?c=d&e=%20", "0.0.0.0", "10", "1e3", "0x1F", "1_000", "12:30", "yes", "No",
    "off", "null", "~", "true", "a: b", "a #b", "#a", "- a", "[a]", "{a}", "*a", "&a", "!a", "|", ">", "@a", "`a", "%a",
    "a:", "\"quoted\"", "it's", "back\\slash", "tab\there", "line\nbreak", "ünïcödé 🩺", "2026-11-25", "=", "<<",
    "\u{85}", "\u{2028}", "\u{FEFF}", "/", "./x", "?a", ".5", "+1", "a\r\n",
  ]

  @Test("every text comes back unchanged from our reader", arguments: awkward)
  func roundTrip(text: String) throws {
    let yaml = "value: \(BlueprintScalar.text(text)) # note\n"
    let root = try DocumentReader().read(text: yaml, file: "t.yaml")
    var problems = DocumentProblems(file: "t.yaml")
    let scalar = try #require(root.mapping(&problems)?["value"]?.scalar)
    #expect(scalar.text == text)
    #expect(!scalar.isNull && scalar.boolean == nil && scalar.number == nil)
  }

  @Test("and from PyYAML, which reads YAML 1.1", .enabled(if: SchemaCorpus.python != nil, "needs python3 with PyYAML"))
  func pyYAML() throws {
    let lines = Self.awkward.map { "- " + BlueprintScalar.text($0) }.joined(separator: "\n") + "\n"
    let file = FileManager.default.temporaryDirectory.appending(path: "blueprint-\(UUID().uuidString).yaml")
    try Data(lines.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: try #require(SchemaCorpus.python))
    process.arguments = ["-c", "import json,sys,yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    try #require(process.terminationStatus == 0)
    #expect(try JSONDecoder().decode([String].self, from: data) == Self.awkward)
  }
}

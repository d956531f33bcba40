import Documents
import Foundation
import Testing

@testable import ProvisionBlueprint

@Suite struct DeploymentReaderTests {
  static let valid = """
    name: small
    regions: [oregon, frankfurt]
    audience: { place: Jodhpur, latitude: 26.5, longitude: 73.1 }
    service:
      health_check: /health
      environment:
        HOST: 0.0.0.0
        WORKERS: 2
      prompted: [API_TOKEN]
    database:
      variable: DATABASE_URL
    workspace: hobby
    plan_sets:
      free: { web: free, database: free, blueprint: ../render.yaml }
      paid: { web: starter, database: basic-256mb, disk_gb: 5, blueprint: paid.yaml }
    expected:
      egress_gb: 7.5
      extras: { vercel-hobby: 1 }
    """

  private func message(_ text: String) -> String {
    do {
      _ = try DeploymentReader.read(text: text, file: "d.yaml")
      return "valid"
    } catch {
      return "\(error)"
    }
  }

  @Test("a valid deployment, with its defaults")
  func accepts() throws {
    let deployment = try DeploymentReader.read(text: Self.valid, file: "deploy/d.yaml")
    #expect(deployment.home == .oregon)
    #expect(deployment.serviceName(in: .frankfurt) == "small-frankfurt")
    #expect(deployment.service.dockerfile == "./Dockerfile")
    #expect(deployment.service.environment.map(\.isNumber) == [false, true])
    #expect(deployment.database?.name == "small-db")
    #expect(deployment.planSets.map(\.name) == ["free", "paid"])
    #expect(deployment.planSets.map { deployment.path(of: $0) } == ["render.yaml", "deploy/paid.yaml"])
    #expect(deployment.expected.egressGigabytes == 7.5)
    #expect(!deployment.expected.keepAwake)
  }

  @Test(
    "an error says file, line, column, and what was expected",
    arguments: [
      ("regions:", "region:", "d.yaml:2:1: unknown key 'region'", "'regions'"),
      ("frankfurt]", "frankfort]", "d.yaml:2:19: 'frankfort'", "'frankfurt'"),
      ("[oregon, frankfurt]", "[oregon, oregon]", "d.yaml:2:19: ", "each region once"),
      ("[oregon, frankfurt]", "[]", "d.yaml:2:10: ", "at least 1"),
      ("latitude: 26.5", "latitude: 126.5", "d.yaml:3:39: ", "from -90 to 90"),
      ("/health", "health", "d.yaml:5:17: ", "a path such as /health"),
      ("HOST:", "1HOST:", "d.yaml:7:5: ", "no digit first"),
      ("[API_TOKEN]", "[HOST]", "d.yaml:9:14: the variable 'HOST' again", "one place"),
      ("[API_TOKEN]", "[DATABASE_URL]", "d.yaml:9:14: the variable 'DATABASE_URL' again", "one place"),
      ("workspace: hobby", "workspace: hobbit", "d.yaml:12:12: ", "hobby, pro or scale"),
      ("web: starter", "web: startr", "d.yaml:15:16: 'startr'", "'starter'"),
      ("database: basic-256mb", "database: starter", "d.yaml:15:35: the legacy database plan", "basic-256mb"),
      ("database: basic-256mb", "database: basic-265mb", "d.yaml:15:35: ", "'basic-256mb'"),
      ("disk_gb: 5", "disk_gb: 7", "d.yaml:15:57: a disk of 7 GB", "1 or a multiple of 5"),
      ("database: free, b", "database: free, disk_gb: 1, b", "d.yaml:14:47: ", "it has 1 GB"),
      ("paid.yaml", "../render.yaml", "d.yaml:15:3: the blueprint '../render.yaml' again", "plan set free has it"),
      ("paid.yaml", "/etc/paid.yaml", "d.yaml:15:71: ", "a relative path"),
      ("database:\n  variable: DATABASE_URL\n", "", "d.yaml:12:22: unknown key 'database'", "web or blueprint"),
      ("egress_gb: 7.5", "egress_gb: -1", "d.yaml:17:14: ", "from 0 to 1000000"),
      ("name: small", "name: Small App", "d.yaml:1:7: ", "small letters"),
      ("name: small\n", "", "d.yaml:1:1: 'name' is missing", "the key 'name' here"),
    ])
  func positions(_ old: String, _ new: String, _ place: String, _ hint: String) throws {
    let found = try #require(Self.valid.range(of: old))
    let text = message(Self.valid.replacingCharacters(in: found, with: new))
    #expect(text.contains(place), "\(text)")
    #expect(text.contains(hint), "\(text)")
  }

  @Test("all mistakes are told in one run")
  func severalAtOnce() {
    let text = message(Self.valid.replacing("frankfurt", with: "paris").replacing("web: free", with: "web: gratis"))
    #expect(text.split(separator: "\n").count == 2, "\(text)")
  }

  @Test("a missing file is told by its name")
  func missing() {
    #expect(throws: DocumentError.self) { try DeploymentReader.read(path: "/nowhere/deployment.yaml") }
  }
}

import Plans
import ProvisionBlueprint
import TestSupport
import Testing

@testable import ProvisionCost

@Suite struct UpgradePathTests {
  private func path(_ regions: String, database: String = "database: {}", plans: String) throws -> UpgradePath {
    let text = """
      name: a
      regions: [\(regions)]
      service: { health_check: / }
      \(database)
      plan_sets: { set: { \(plans), blueprint: render.yaml } }
      """
    return try UpgradePath(
      try DeploymentReader.read(text: text, file: "d.yaml"),
      guide: try #require(try Catalogue.bundled(Catalogue.scalingGuide)),
      today: try #require(try Catalogue.bundled(Catalogue.render2026October)))
  }

  @Test("one region goes the guide's way: $0, $7, $14, and today $0, $7, $13.30")
  func one() throws {
    let path = try path("oregon", plans: "web: free, database: free")
    #expect(path.steps.map(\.guide.centsText) == ["0.00", "7.00", "14.00", "14.00"])
    #expect(path.steps.map(\.today.centsText) == ["0.00", "7.00", "13.30", "13.30"])
    #expect(path.text().allSatisfy { $0.count <= 100 })
    try Golden.expect(path.text().joined(separator: "\n") + "\n", equals: "path.txt")
  }

  @Test("each region pays its own service; without a database there is no step for it")
  func others() throws {
    #expect(
      try path("oregon, ohio", plans: "web: pro, database: free").steps.map(\.today.centsText)
        == ["0.00", "14.00", "20.30", "20.30"])
    #expect(
      try path("oregon", database: "", plans: "web: free").steps.map(\.today.centsText) == ["0.00", "7.00", "7.00"])
  }
}

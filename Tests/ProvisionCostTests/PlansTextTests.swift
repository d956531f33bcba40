import Plans
import TestSupport
import Testing

@testable import ProvisionCost

@Suite struct PlansTextTests {
  @Test("the guide's tables and today's beside them, in 100 columns")
  func compare() throws {
    let guide = try #require(try Catalogue.bundled(Catalogue.scalingGuide))
    let render = try #require(try Catalogue.bundled(Catalogue.render2026October))
    let lines = CatalogueText.compare(guide: guide, today: render)
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
    try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "plans.txt")
  }

  @Test("a whole catalogue names every plan, in 100 columns", arguments: Catalogue.bundledIDs)
  func whole(id: String) throws {
    let catalogue = try #require(try Catalogue.bundled(id))
    let lines = CatalogueText.render(catalogue)
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
    let ids = catalogue.web.map(\.id) + catalogue.database.map(\.id) + catalogue.extras.map(\.id)
    for id in ids { #expect(lines.contains { $0.hasPrefix("  \(id) ") }, "\(id)") }
    let low = catalogue.extras.filter { $0.source.confidence == .low }.count
    #expect(lines.filter { $0.contains("low confidence") }.count == low)
  }
}

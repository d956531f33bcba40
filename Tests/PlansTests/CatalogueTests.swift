import Testing

@testable import Plans

@Suite struct CatalogueTests {
  @Test("every bundled catalogue reads, and its free plan sleeps", arguments: Catalogue.bundledIDs)
  func bundled(id: String) throws {
    let catalogue = try #require(try Catalogue.bundled(id))
    #expect(catalogue.id == id)
    #expect(catalogue.web("free")?.monthly == .zero)
    #expect(catalogue.web("free")?.sleep?.idleSeconds == 900)
    #expect(catalogue.web("starter")?.monthly == Money(dollars: 7))
    #expect(catalogue.web("starter")?.sleep == nil)
  }
}

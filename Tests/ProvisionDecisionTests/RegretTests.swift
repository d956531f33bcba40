import Foundation
import Plans
import TestSupport
import Testing

@testable import RegretBenchmark

/// A part of what `RegretBenchmark` does by the thousand: twenty owners, judged by the year that followed.
@Suite struct RegretTests {
  @Test("decisions are rarely wrong, mostly conclusive, and cheaper than any fixed habit", .long)
  func regret() throws {
    let catalogue = try #require(try Catalogue.bundled("render-2026-10"))
    let run = RegretRun(seeds: [7], owners: 20, catalogue: catalogue)
    #expect(run.nearShare >= 0.3, "\(run.nearShare)")
    #expect(run.wrongShare <= 0.05, "\(run.outcomes.filter(\.judgement.isWrong).map(\.why))")
    #expect(run.conclusiveShare >= 0.7, "\(run.conclusiveShare)")
    #expect(run.regret <= 6 && run.regret < run.alwaysStarter, "\(run.regret)")
    #expect(run.regret < run.alwaysStay && run.regret < run.alwaysKeepAwake)
  }
}

import TestSupport
import Testing

@testable import AppScrape

struct RandomLayoutTests {
  @Test(
    "duties that are laid out in any legal way read back as they are",
    arguments: LongTests.cases(Array(0..<20), first: 5))
  func readBack(batch: UInt64) throws {
    for number in 0..<100 {
      let seed = batch * 1_000 + UInt64(number)
      var layout = RandomLayout(seed: seed)
      let html = layout.html()
      let page = try WorksheetPage.read(Array(html.utf8))
      guard page.duties == layout.duties, page.hasHeader else {
        Issue.record("seed \(seed): \(layout)\nread \(page)\n\(html)")
        return
      }
    }
  }
}

import AppDomain

@testable import AppScrape

/// A worksheet's page, hostile or broken.
enum WorksheetTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    guard let page = try? WorksheetPage.read(Array(input)) else { return }
    require(page.hasHeader || page.duties.isEmpty, "\(page.duties.count) duties without a header")
    for duty in page.duties {
      require(!duty.name.isEmpty, "a duty of nobody")
      for text in [duty.name, duty.timing, duty.room ?? ""] {
        require(text == CellText.folded(text), "'\(text)' is not folded")
      }
      _ = DutyTiming.parse(duty.timing)
    }
  }
}

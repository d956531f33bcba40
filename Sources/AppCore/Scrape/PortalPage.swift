import Curl

/// The portal's page, which frames a published spreadsheet.
enum PortalPage {
  /// The URL of the worksheet list: the `src` of the first frame that leads to a published spreadsheet, else of the
  /// only frame; of its query only `gid` stays.
  /// - Parameter address: where the page came from; the frame's address may be relative to it.
  /// - Throws: `ScrapeError` code `.notASchedule` when there is no such frame.
  static func worksheetList(in page: [UInt8], at address: String) throws(ScrapeError) -> String {
    let document = try HTMLDocument(page)
    var sources: [String] = []
    document.forEachElement { element in
      if element.name == "iframe" {
        // A frame that is loaded when it comes into view names its page elsewhere.
        let candidates = [element.attribute("src"), element.attribute("data-src")].compactMap(\.self)
        if let source = candidates.first(where: { !$0.isEmpty && $0 != "about:blank" }) { sources.append(source) }
      }
      return sources.count < 50
    }
    let published = sources.first { $0.contains("/pubhtml") } ?? sources.first { $0.contains("/spreadsheets/") }
    guard let source = published ?? (sources.count == 1 ? sources.first : nil) else {
      throw ScrapeError(
        .notASchedule,
        "\(CurlURL.redacted(address)) frames no published spreadsheet (frames seen: \(sources.count)); is it the schedule's page?"
      )
    }
    guard let frame = CurlURL(address)?.resolving(CellText.folded(source)) else {
      throw ScrapeError(.notASchedule, "\(CurlURL.redacted(address)) frames '\(source.prefix(100))', which is no URL")
    }
    let gid = (frame.query ?? "").split(separator: "&").first { $0.hasPrefix("gid=") }
    guard let list = frame.replacing(query: gid.map(String.init)) else {
      throw ScrapeError(.notASchedule, "\(CurlURL.redacted(address)) frames '\(source.prefix(100))', which is no URL")
    }
    return list.text
  }
}

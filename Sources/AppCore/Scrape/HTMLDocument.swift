import CXML

/// A page as libxml2's recovering HTML parser sees it. The document has this one owner; nodes don't outlive it.
struct HTMLDocument: ~Copyable {
  private let document: htmlDocPtr

  /// - Parameter page: UTF-8; other bytes are read as U+FFFD, and NUL as a space, at which libxml2 would stop.
  /// - Throws: `ScrapeError` code `.outOfBounds` for nesting or tags that no schedule has, `.notASchedule` when there is
  ///   no markup at all.
  init(_ page: [UInt8]) throws(ScrapeError) {
    guard HTMLDocument.isLibraryReady else { throw ScrapeError(.outOfBounds, "libxml2 could not start") }
    if let offset = MarkupBounds.firstOverloadedTag(in: page) {
      throw ScrapeError(
        .outOfBounds, "the tag at byte \(offset) has more than \(MarkupBounds.maxAttributes) attributes")
    }
    let text = HTMLDocument.repaired(page)
    var isTooDeep: Int32 = 0
    let document = text.withUnsafeBytes { bytes in
      cxml_read_html(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), &isTooDeep)
    }
    guard let document else { throw ScrapeError(.notASchedule, "the page holds no HTML") }
    guard isTooDeep == 0 else {
      xmlFreeDoc(document)
      throw ScrapeError(.outOfBounds, "the page's elements are nested more than \(CXML_MAX_DEPTH) deep")
    }
    self.document = document
  }

  deinit { xmlFreeDoc(document) }

  private static let isLibraryReady: Bool = {
    xmlInitParser()
    return true
  }()

  private static func repaired(_ page: [UInt8]) -> [UInt8] {
    var bytes = page
    if !bytes.withUnsafeBytes({ xmlCheckUTF8Bounded($0) }) {
      bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
    for index in bytes.indices where bytes[index] == 0 { bytes[index] = 0x20 }
    return bytes
  }

  private static func xmlCheckUTF8Bounded(_ bytes: UnsafeRawBufferPointer) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }

  /// Calls `visit` with each element in document order until it returns false.
  func forEachElement(_ visit: (borrowing HTMLElement) -> Bool) {
    var node = xmlDocGetRootElement(document)
    while let current = node {
      if current.pointee.type == XML_ELEMENT_NODE, !visit(HTMLElement(current)) { return }
      node = HTMLElement.following(current, within: nil)
    }
  }
}

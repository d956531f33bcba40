import CXML

/// One element of an `HTMLDocument`, for as long as that is there.
struct HTMLElement: ~Copyable {
  private let node: xmlNodePtr

  init(_ node: xmlNodePtr) { self.node = node }

  /// Lower case.
  var name: String { String(cString: node.pointee.name) }

  /// Nil when the element has no such attribute.
  func attribute(_ name: String) -> String? {
    guard let value = xmlGetProp(node, name) else { return nil }
    defer { cxml_free(value) }
    return String(cString: value)
  }

  func hasClass(_ name: String) -> Bool {
    (attribute("class") ?? "").split(whereSeparator: \.isWhitespace).contains { $0 == name }
  }

  /// Calls `visit` with each child element until it returns false.
  func forEachChild(_ visit: (borrowing HTMLElement) -> Bool) {
    var child = node.pointee.children
    while let current = child {
      if current.pointee.type == XML_ELEMENT_NODE, !visit(HTMLElement(current)) { return }
      child = current.pointee.next
    }
  }

  /// What a reader sees, folded: `<br>` and blocks separate words, scripts and styles are silent.
  var text: String {
    var bytes: [UInt8] = []
    var node: xmlNodePtr? = node.pointee.children
    while let current = node, bytes.count < HTMLElement.maxTextBytes {
      let isSilent = current.pointee.type == XML_ELEMENT_NODE && HTMLElement.silent.contains(HTMLElement(current).name)
      switch current.pointee.type {
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
        if let content = current.pointee.content {
          bytes += UnsafeBufferPointer(start: content, count: strnlen(content, HTMLElement.maxTextBytes))
        }
      case XML_ELEMENT_NODE where !HTMLElement.inline.contains(HTMLElement(current).name):
        bytes.append(0x20)
      default: break
      }
      node = HTMLElement.following(current, within: self.node, skippingChildren: isSilent) { left in
        if !HTMLElement.inline.contains(HTMLElement(left).name) { bytes.append(0x20) }
      }
    }
    return CellText.folded(String(decoding: bytes, as: UTF8.self))
  }

  /// The next node in document order below `root`; `leaving` is called for each element that ends on the way.
  static func following(
    _ node: xmlNodePtr, within root: xmlNodePtr?, skippingChildren: Bool = false,
    leaving: (xmlNodePtr) -> Void = { _ in }
  ) -> xmlNodePtr? {
    if !skippingChildren, node.pointee.type == XML_ELEMENT_NODE, let child = node.pointee.children { return child }
    var current = node
    while true {
      if let next = current.pointee.next { return next }
      guard let parent = current.pointee.parent, parent != root, parent.pointee.type == XML_ELEMENT_NODE else {
        return nil
      }
      leaving(parent)
      current = parent
    }
  }

  private static let maxTextBytes = 8_192
  private static let silent: Set<String> = ["script", "style", "template"]
  private static let inline: Set<String> = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "s",
    "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr",
  ]
}

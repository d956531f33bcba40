package import Documents

/// A text of a blueprint and its place.
package struct Placed {
  package var text: String
  package var position: DocumentPosition
}

/// A service, a database or a group of variables as the file has it.
package struct BlueprintItem {
  package var entries: [DocumentEntry]
  package var position: DocumentPosition

  package init?(_ node: DocumentNode) {
    guard case .mapping(let entries) = node.content else { return nil }
    self.entries = entries
    position = node.position
  }

  package func entry(_ key: String) -> DocumentEntry? { entries.first { $0.key == key } }

  /// The key's value when it is a text, a number or a boolean.
  package func text(_ key: String) -> Placed? {
    guard let node = entry(key)?.value, let scalar = node.scalar, !scalar.isNull else { return nil }
    return Placed(text: scalar.text, position: node.position)
  }

  package func item(_ key: String) -> BlueprintItem? { entry(key).flatMap { BlueprintItem($0.value) } }

  package func items(_ key: String) -> [BlueprintItem] {
    guard case .list(let nodes)? = entry(key)?.value.content else { return [] }
    return nodes.compactMap { BlueprintItem($0) }
  }

  /// The name, for messages.
  package var name: String { text("name")?.text.excerpt ?? "without a name" }
  package var type: String { text("type")?.text ?? "" }
  package var plan: String? { text("plan")?.text }
  /// However it is written: Render's schema wants small letters, and who writes others means no other plan.
  package var isFree: Bool { plan?.lowercased() == "free" }
  /// Where a complaint about the plan belongs.
  package var planPosition: DocumentPosition { text("plan")?.position ?? position }
  /// The name's place, or the item's.
  package var place: DocumentPosition { text("name")?.position ?? position }
  package var region: String { text("region")?.text ?? "oregon" }
  package var runtime: String? { (text("runtime") ?? text("env"))?.text }
  package var isStaticSite: Bool { type == "web" && runtime == "static" }
  package var isKeyValue: Bool { type == "keyvalue" || type == "redis" }
}

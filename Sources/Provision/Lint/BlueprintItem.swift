import Documents

/// A text of a blueprint and its place.
struct Placed {
  var text: String
  var position: DocumentPosition
}

/// A service, a database or a group of variables as the file has it.
struct BlueprintItem {
  var entries: [DocumentEntry]
  var position: DocumentPosition

  init?(_ node: DocumentNode) {
    guard case .mapping(let entries) = node.content else { return nil }
    self.entries = entries
    position = node.position
  }

  func entry(_ key: String) -> DocumentEntry? { entries.first { $0.key == key } }

  /// The key's value when it is a text, a number or a boolean.
  func text(_ key: String) -> Placed? {
    guard let node = entry(key)?.value, let scalar = node.scalar, !scalar.isNull else { return nil }
    return Placed(text: scalar.text, position: node.position)
  }

  func item(_ key: String) -> BlueprintItem? { entry(key).flatMap { BlueprintItem($0.value) } }

  func items(_ key: String) -> [BlueprintItem] {
    guard case .list(let nodes)? = entry(key)?.value.content else { return [] }
    return nodes.compactMap(BlueprintItem.init)
  }

  /// The name, for messages.
  var name: String { text("name")?.text.excerpt ?? "without a name" }
  var type: String { text("type")?.text ?? "" }
  var plan: String? { text("plan")?.text }
  /// Where a complaint about the plan belongs.
  var planPosition: DocumentPosition { text("plan")?.position ?? position }
  /// The name's place, or the item's.
  var place: DocumentPosition { text("name")?.position ?? position }
  var region: String { text("region")?.text ?? "oregon" }
  var runtime: String? { (text("runtime") ?? text("env"))?.text }
  var isStaticSite: Bool { type == "web" && runtime == "static" }
  var isKeyValue: Bool { type == "keyvalue" || type == "redis" }
}

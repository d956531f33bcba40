import Documents
import ProvisionBlueprint

extension LintRule {
  /// What is read otherwise than it looks, and what has a newer name.
  static let spellingRules: [LintRule] = [
    LintRule("older-spelling", .warning, "a field or a type is said by its newer name") { outline, _ in
      outline.services.flatMap { service in older(service) }
        + (outline.file.map { file in
          file.entries.compactMap { entry -> Breach? in
            guard let newer = newerAtRoot[entry.key] else { return nil }
            return Breach(
              "the older \(entry.key)", "write \(newer) in its place", at: entry.keyPosition,
              fix: entry.key == "previewsEnabled" && file.entry("previews") == nil
                && file.entry("previewsExpireAfterDays") == nil ? generation(entry) : [])
          }
        } ?? [])
        + outline.services.flatMap { service in
          service.items("envVars").compactMap { variable -> Breach? in
            guard let type = variable.item("fromService")?.entry("type")?.value, type.scalar?.text == "redis" else {
              return nil
            }
            return Breach(
              "the older type redis", "write type: keyvalue in its place", at: type.position,
              fix: TextEdit(plain: type, "keyvalue").map { [$0] } ?? [])
          }
        }
    },
    LintRule("unquoted-word", .warning, "a word that older YAML readers take for true or false is quoted") {
      outline, _ in
      outline.file.map { words(DocumentNode(.mapping($0.entries), at: $0.position), key: "") } ?? []
    },
    LintRule("unquoted-number", .warning, "a number whose digits count is quoted") { outline, _ in
      (outline.services + outline.groups).flatMap { owner in
        owner.items("envVars").compactMap { variable -> Breach? in
          guard let value = variable.entry("value")?.value, let scalar = value.scalar, scalar.style == .plain,
            losesDigits(scalar.text)
          else { return nil }
          return Breach(
            "\(variable.text("key")?.text.excerpt ?? "a variable"): \(scalar.text.excerpt), which may be read as another "
              + "number", "quote it: '\(scalar.text.excerpt)'", at: value.position)
        }
      }
    },
    LintRule("sync-in-group", .error, "a group's variables have values") { outline, _ in
      outline.groups.flatMap { group in
        group.items("envVars").compactMap { variable -> Breach? in
          guard let sync = variable.entry("sync"), sync.value.scalar?.boolean == false else { return nil }
          return Breach(
            "sync: false in the group \(group.name): Render ignores the variable",
            "move it to the services, or enter it in the group in the dashboard", at: sync.keyPosition)
        }
      }
    },
  ]

  private static let newerAtRoot = [
    "previewsEnabled": "previews: { generation: automatic }", "previewsExpireAfterDays": "previews: expireAfterDays",
  ]

  private static func older(_ service: BlueprintItem) -> [Breach] {
    service.entries.compactMap { entry in
      let value = entry.value
      let boolean = value.scalar?.boolean
      var newer: String?
      var fix: [TextEdit] = []
      switch entry.key {
      case "type" where value.scalar?.text == "redis":
        return Breach(
          "the older type redis on \(service.name)", "write type: keyvalue in its place", at: value.position,
          fix: TextEdit(plain: value, "keyvalue").map { [$0] } ?? [])
      case "autoDeploy":
        newer = "autoDeployTrigger: commit (for true) or 'off' (for false)"
        if let boolean, service.entry("autoDeployTrigger") == nil,
          let edit = TextEdit(plain: value, boolean ? "commit" : "'off'")
        {
          fix = [TextEdit(key: entry, "autoDeployTrigger"), edit]
        }
      case "pullRequestPreviewsEnabled":
        newer = "previews: { generation: automatic } (for true)"
        if service.entry("previews") == nil, service.entry("previewPlan") == nil { fix = generation(entry) }
      case "previewPlan" where !service.isKeyValue: newer = "previews: { plan: … }"
      case "domain":
        newer = "domains: [ … ]"
        if service.entry("domains") == nil, let text = value.scalar?.text, text.utf8.allSatisfy(isHost),
          let edit = TextEdit(plain: value, "[\(text)]")
        {
          fix = [TextEdit(key: entry, "domains"), edit]
        }
      default: return nil
      }
      return newer.map {
        Breach("the older \(entry.key) on \(service.name)", "write \($0) in its place", at: entry.keyPosition, fix: fix)
      }
    }
  }

  private static func generation(_ entry: DocumentEntry) -> [TextEdit] {
    guard let isOn = entry.value.scalar?.boolean,
      let edit = TextEdit(plain: entry.value, isOn ? "{ generation: automatic }" : "{ generation: 'off' }")
    else { return [] }
    return [TextEdit(key: entry, "previews"), edit]
  }

  private static func isHost(_ byte: UInt8) -> Bool {
    let scalar = Unicode.Scalar(byte)
    return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "." || scalar == "-"
  }

  /// Where a text is meant. What takes true or false only is `field-value`'s.
  private static func words(_ node: DocumentNode, key: String) -> [Breach] {
    switch node.content {
    case .scalar(let scalar):
      guard scalar.style == .plain, yamlWords.contains(scalar.text.lowercased()), !flags.contains(key) else {
        return []
      }
      return [
        Breach(
          "\(key.isEmpty ? "" : "\(key.excerpt): ")\(scalar.text) without quotes, which YAML 1.1 reads as true or false",
          "quote it: '\(scalar.text)'", at: node.position, fix: TextEdit(quoting: node).map { [$0] } ?? [])
      ]
    case .list(let nodes): return nodes.flatMap { words($0, key: key) }
    case .mapping(let entries): return entries.flatMap { words($0.value, key: $0.key) }
    }
  }

  /// Source: YAML 1.1, the bool type (yaml.org/type/bool.html); `true` and `false` are the same in 1.2.
  private static let yamlWords: Set<String> = ["yes", "no", "on", "off", "y", "n"]
  private static let flags: Set<String> = [
    "autoDeploy", "pullRequestPreviewsEnabled", "previewsEnabled", "sync", "generateValue", "enabled",
    "storageAutoscalingEnabled",
  ]

  /// `3.10` is 3.1 to one reader, `010` is 8 and `0x1F` 31 to another, `12:30` a count of seconds to a third, `1_000` loses
  /// its line. Source: YAML 1.1, the int and float types (yaml.org/type/).
  private static func losesDigits(_ text: String) -> Bool {
    let digits = Set("0123456789")
    let body = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard let first = body.first, digits.contains(first), body.utf8.count <= 40 else { return false }
    let parts = body.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2, parts.allSatisfy({ $0.allSatisfy(digits.contains) }), parts[1].hasSuffix("0") { return true }
    if first == "0", body.count > 1, body.allSatisfy(digits.contains) { return true }
    let prefix = body.prefix(2).lowercased()
    if prefix == "0x" || prefix == "0o" || prefix == "0b", body.count > 2, body.dropFirst(2).allSatisfy(\.isHexDigit) {
      return true
    }
    if body.contains("_"), body.allSatisfy({ digits.contains($0) || $0 == "_" }) { return true }
    let sexagesimal = body.split(separator: ":", omittingEmptySubsequences: false)
    return sexagesimal.count > 1 && first != "0"
      && sexagesimal.allSatisfy { !$0.isEmpty && $0.count <= 2 && $0.allSatisfy(digits.contains) }
      && sexagesimal.dropFirst().allSatisfy { Int($0).map { $0 < 60 } ?? false }
  }
}

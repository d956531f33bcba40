import BenchEngine
package import Documents

/// Reads the operations of an OpenAPI 3 description, with the values that it gives as examples.
///
/// Operations without a body are taken, and those whose JSON body has an example: a made-up body would measure how fast
/// a service refuses it. References are followed within the file.
package struct OpenAPIImport {
  private static let deepest = 20
  private let root: DocumentNode

  /// - Parameter server: what stands in front of the paths; else the description's first server, which must be a URL.
  /// - Returns: the requests in the order of the file, and how many operations were left out for want of an example.
  /// - Throws: `ImportError`.
  package static func read(
    _ root: DocumentNode, server: String? = nil
  ) throws(ImportError) -> (requests: [ImportedRequest], leftOut: Int) {
    let reader = OpenAPIImport(root: root)
    guard let version = root["openapi"]?.scalar?.text, version.hasPrefix("3.") else {
      throw ImportError("no OpenAPI 3 description: expected 'openapi: 3.…'")
    }
    guard var base = server ?? root["servers"]?.items.first?["url"]?.scalar?.text, base.contains("://") else {
      throw ImportError("no server with a URL in it: say where it is with --target http://host:port")
    }
    while base.last == "/" { base.removeLast() }
    var requests: [ImportedRequest] = []
    var leftOut = 0
    for path in root["paths"]?.entries ?? [] {
      for operation in path.value.entries where ScenarioDecoder.methods.contains(operation.key) {
        if let request = reader.request(operation, of: path, base: base) {
          requests.append(request)
        } else {
          leftOut += 1
        }
      }
    }
    if requests.isEmpty { throw ImportError("no operation that could be asked as it stands") }
    return (requests, leftOut)
  }

  private func request(_ operation: DocumentEntry, of path: DocumentEntry, base: String) -> ImportedRequest? {
    var request = ImportedRequest(method: operation.key.uppercased(), url: "")
    var filled = path.key
    var query: [String] = []
    let parameters = (path.value["parameters"]?.items ?? []) + (operation.value["parameters"]?.items ?? [])
    for parameter in parameters.map({ resolved($0) }) {
      guard let name = parameter["name"]?.scalar?.text, let place = parameter["in"]?.scalar?.text else { continue }
      let example = example(of: parameter)
      guard place == "path" || parameter["required"]?.scalar?.boolean == true || example != nil else { continue }
      let value = example ?? stand(in: parameter["schema"].map { resolved($0) })
      switch place {
      case "path": filled = filled.replacing("{\(name)}", with: Self.encoded(value))
      case "query":
        let pair = "\(Self.encoded(name))=\(Self.encoded(value))"
        // An operation's own parameter takes the place of its path's.
        query.removeAll { $0.hasPrefix("\(Self.encoded(name))=") }
        query.append(pair)
      case "header": request.headers.append(.init(name, value))
      default: break
      }
    }
    guard !filled.contains("{") else { return nil }
    if let body = operation.value["requestBody"].map({ resolved($0) }) {
      guard let media = body["content"]?["application/json"], let example = bodyExample(media) else { return nil }
      request.headers.append(.init("Content-Type", "application/json"))
      request.body = Self.json(example)
    }
    request.url = base + filled + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    request.status = operation.value["responses"]?.entries.lazy.compactMap { Int($0.key) }.first {
      (200..<300).contains($0)
    }
    return request
  }

  // MARK: Values

  /// What a parameter, or its schema, gives as an example.
  private func example(of parameter: DocumentNode) -> String? {
    if let value = parameter["example"]?.scalar?.text { return value }
    if let first = parameter["examples"]?.entries.first.map({ resolved($0.value) }) {
      return first["value"]?.scalar?.text
    }
    guard let schema = parameter["schema"].map({ resolved($0) }) else { return nil }
    return schema["example"]?.scalar?.text ?? schema["examples"]?.items.first?.scalar?.text
      ?? schema["default"]?.scalar?.text
  }

  private func bodyExample(_ media: DocumentNode) -> DocumentNode? {
    if let example = media["example"] { return example }
    if let first = media["examples"]?.entries.first.map({ resolved($0.value) }) { return first["value"] }
    return media["schema"].map { resolved($0) }?["example"]
  }

  /// Something of a schema's type.
  private func stand(in schema: DocumentNode?) -> String {
    if let value = schema?["enum"]?.items.first?.scalar?.text { return value }
    return switch schema?["type"]?.scalar?.text {
    case "integer", "number": schema?["minimum"]?.scalar?.text ?? "1"
    case "boolean": "true"
    default: "text"
    }
  }

  /// Follows `$ref: '#/…'`. Source: RFC 6901 §4 for the escapes.
  private func resolved(_ node: DocumentNode) -> DocumentNode {
    var node = node
    for _ in 0..<Self.deepest {
      guard let reference = node["$ref"]?.scalar?.text, reference.hasPrefix("#/") else { return node }
      var target: DocumentNode? = root
      for part in reference.dropFirst(2).split(separator: "/") {
        target = target?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
      }
      guard let target else { return node }
      node = target
    }
    return node
  }

  private static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    ValueEncoding.percent.append(text.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The example as JSON. Placeholders are none of an example's: `ScenarioText` refuses them.
  private static func json(_ node: DocumentNode) -> String { String(decoding: JSONBody.literal(node), as: UTF8.self) }
}

extension DocumentNode {
  fileprivate var entries: [DocumentEntry] {
    guard case .mapping(let entries) = content else { return [] }
    return entries
  }

  fileprivate var items: [DocumentNode] {
    guard case .list(let nodes) = content else { return [] }
    return nodes
  }

  fileprivate subscript(key: String) -> DocumentNode? { entries.first { $0.key == key }?.value }
}

import BenchEngine
package import Documents

/// Reads the operations of an OpenAPI 3 description, with the values that it gives as examples.
///
/// Operations without a body are taken, and those whose body has an example, or fields that have one: a made-up body would
/// measure how fast a service refuses it. References are followed within the file.
/// Source: OpenAPI 3.0.4 and 3.1.1.
package struct OpenAPIImport {
  private let values: OpenAPIValues
  private let root: DocumentNode
  /// In the place of the description's first server.
  private let server: String?

  /// - Parameter server: what stands in front of the paths, in the place of the description's first server; one that is
  ///   relative goes behind it.
  /// - Returns: the requests in the order of the file.
  /// - Throws: `ImportError`.
  package static func read(
    _ root: DocumentNode, server: String? = nil
  ) throws(ImportError) -> ImportedRequests {
    guard let version = root["openapi"]?.scalar?.text, version.hasPrefix("3.") else {
      let older = root["swagger"]?.scalar.map { "Swagger \($0.text.excerpt)" }
      throw ImportError(
        "\(older ?? "no OpenAPI description"): expected OpenAPI 3, 'openapi: 3.…'"
          + (older == nil ? "" : "; converters turn Swagger 2.0 into it"))
    }
    let reader = OpenAPIImport(values: OpenAPIValues(root: root), root: root, server: server)
    return try reader.requests()
  }

  private struct Refusal: Error { var reason: String }

  private func requests() throws(ImportError) -> ImportedRequests {
    var imported = ImportedRequests()
    var found: [(request: ImportedRequest, base: String, what: String)] = []
    for path in root["paths"]?.entries ?? [] where path.key.hasPrefix("/") {
      let item = values.resolved(path.value)
      if let reference = item["$ref"]?.scalar?.text {
        imported.leftOut.append(("in another file", "\(path.key): \(reference.excerpt)"))
        continue
      }
      // What stands beside a reference goes with it: OpenAPI 3.1, Path Item Object.
      let beside = path.value.entries.filter { $0.key != "$ref" && item[$0.key] == nil }
      let entries = item.entries + beside
      for operation in entries where (ScenarioDecoder.methods + ["trace", "query"]).contains(operation.key) {
        let what = "\(operation.key.uppercased()) \(path.key)"
        do {
          let base = try base(of: operation.value, entries)
          found.append((try request(operation, path.key, entries, base), base, what))
        } catch let refusal as Refusal {
          imported.leftOut.append((refusal.reason, what))
        } catch let error as ImportError {
          throw error
        } catch {
          throw ImportError("\(error)")
        }
      }
    }
    // One scenario has one target: the description's own where an operation is there, else the first one's.
    let own = try? base(nil)
    let origins = found.map { origin($0.base) }
    let kept = own.map(origin).flatMap { origins.contains($0) ? $0 : nil } ?? origins.first
    for (item, origin) in zip(found, origins) {
      if origin == kept {
        imported.requests.append(item.request)
      } else {
        imported.leftOut.append(("on another server", "\(item.what): \(origin)"))
      }
    }
    if imported.requests.isEmpty {
      let reasons = imported.leftOutLines.joined(separator: "; ")
      throw ImportError("no operation that could be asked as it stands" + (reasons.isEmpty ? "" : ": \(reasons)"))
    }
    return imported
  }

  // MARK: Servers

  private func origin(_ base: String) -> String {
    (try? TargetURL.split(base).origin.description) ?? base
  }

  /// - Throws: a `Refusal`, or an `ImportError` where the file has no server at all.
  private func base(of operation: DocumentNode, _ path: [DocumentEntry]) throws -> String {
    let owners = [operation["servers"], path.first { $0.key == "servers" }?.value]
    let own = owners.compactMap(\.self).first { !$0.items.isEmpty }
    do {
      return try base(own)
    } catch {
      guard own == nil else { throw Refusal(reason: "its own server: \(error)") }
      throw error
    }
  }

  /// The URL in front of the paths, without a slash at its end.
  private func base(_ own: DocumentNode?) throws(ImportError) -> String {
    let node = own?.items.first ?? root["servers"]?.items.first
    var text = try node.map { node throws(ImportError) in try url(of: node) } ?? "/"
    if let server {
      if own == nil, text.contains("://") {
        text = server
      } else if !text.contains("://") {
        // Behind a host alone; one with a path says all.
        let hasPath = (try? TargetURL.parse(server))?.basePath.isEmpty == false
        text = hasPath && own == nil ? server : Self.joined(server, text)
      }
    } else if !text.contains("://"), let host = root["servers"]?.items.first, own != nil,
      let outer = try? url(of: host), outer.contains("://"), let target = try? TargetURL.split(outer).origin
    {
      text = Self.joined(target.description, text)
    }
    guard text.contains("://") else {
      throw ImportError("no server with a URL in it: say where it is with --target http://host:port")
    }
    while text.last == "/" { text.removeLast() }
    return text
  }

  private static func joined(_ host: String, _ path: String) -> String {
    var host = host
    while host.last == "/" { host.removeLast() }
    return host + (path.hasPrefix("/") ? path : "/" + path)
  }

  /// With its variables' defaults. Source: OpenAPI 3.1.1, Server Variable Object.
  private func url(of server: DocumentNode) throws(ImportError) -> String {
    var url = server["url"]?.scalar?.text ?? "/"
    for variable in server["variables"]?.entries ?? [] {
      let value = variable.value["default"]?.scalar?.text ?? variable.value["enum"]?.items.first?.scalar?.text
      if let value { url = url.replacing("{\(variable.key)}", with: value) }
    }
    if let open = url.firstIndex(of: "{") {
      throw ImportError(
        "the server's variable \(String(url[open...].prefix { $0 != "}" }))} has no default: say where it is with --target"
      )
    }
    return url
  }

  // MARK: Operations

  private func request(
    _ operation: DocumentEntry, _ path: String, _ item: [DocumentEntry], _ base: String
  ) throws -> ImportedRequest {
    guard ScenarioDecoder.methods.contains(operation.key) else {
      throw Refusal(reason: "the method \(operation.key.uppercased()) is none of a step's")
    }
    var request = ImportedRequest(method: operation.key.uppercased(), url: "")
    var filled = path
    var query: [(name: String, pairs: [String])] = []
    var cookies: [String] = []
    for parameter in try parameters(operation.value, item) {
      guard let name = parameter["name"]?.scalar?.text, let place = parameter["in"]?.scalar?.text else { continue }
      let isRequired = place == "path" || parameter["required"]?.scalar?.boolean == true
      guard let value = try value(of: parameter, name, isRequired: isRequired) else { continue }
      let text = OpenAPIStyle(parameter, place: place)
      switch place {
      case "path": filled = filled.replacing("{\(name)}", with: text.path(name, value))
      case "query": query.append((name, text.query(name, value)))
      case "header":
        // Its own fields say these: OpenAPI, Parameter Object.
        if ["accept", "content-type", "authorization"].contains(name.lowercased()) { break }
        request.headers.append(.init(name, text.header(value)))
      case "cookie": cookies += text.cookie(name, value)
      default: break
      }
    }
    if let open = filled.firstIndex(of: "{") {
      throw Refusal(reason: "no parameter for \(String(filled[open...].prefix { $0 != "}" }))}")
    }
    try secure(&request, &query, &cookies, operation.value)
    if !cookies.isEmpty {
      let isPublic = !cookies.contains { pair in
        EnvironmentMark.isIn(pair) || OpenAPIStyle.isCredential(cookie: pair)
      }
      request.headers.append(.init("Cookie", cookies.joined(separator: "; "), isPublic: isPublic))
    }
    if let body = operation.value["requestBody"].map({ values.resolved($0) }) { try setBody(of: &request, body) }
    let pairs = query.flatMap(\.pairs)
    request.url = base + filled + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    let successes = operation.value["responses"]?.entries.compactMap { Int($0.key) }.filter { (200..<300).contains($0) }
    if let successes, successes.count == 1 { request.status = successes.first }
    return request
  }

  /// An operation's own take the place of its path's.
  private func parameters(_ operation: DocumentNode, _ item: [DocumentEntry]) throws -> [DocumentNode] {
    func key(_ node: DocumentNode) -> String {
      "\(node["in"]?.scalar?.text ?? "") \(node["name"]?.scalar?.text ?? "")"
    }
    let outer = item.first { $0.key == "parameters" }?.value.items ?? []
    let own = (operation["parameters"]?.items ?? []).map { values.resolved($0) }
    let keys = Set(own.map(key))
    let all = outer.map { values.resolved($0) }.filter { !keys.contains(key($0)) } + own
    if let reference = all.lazy.compactMap({ $0["$ref"]?.scalar?.text }).first {
      throw Refusal(reason: "a parameter in another place: \(reference.excerpt)")
    }
    return all
  }

  private func value(of parameter: DocumentNode, _ name: String, isRequired: Bool) throws -> OpenAPIValues.Value? {
    // By media type instead of a schema: its one entry.
    let holder = parameter["content"]?.entries.first?.value ?? parameter
    let given = values.example(of: holder) ?? holder["schema"].flatMap { values.given(by: $0) }
    if let given { return parameter["content"] == nil ? given : .text(values.json(given)) }
    guard isRequired else { return nil }
    guard let schema = holder["schema"] else { return .text("text") }
    guard let stand = values.stand(in: schema) else {
      throw Refusal(reason: "no example of the parameter \(name.excerpt)")
    }
    return parameter["content"] == nil ? stand : .text(values.json(stand))
  }

  // MARK: Credentials

  /// What the first way of several asks for; an empty one asks for nothing.
  private func secure(
    _ request: inout ImportedRequest, _ query: inout [(name: String, pairs: [String])], _ cookies: inout [String],
    _ operation: DocumentNode
  ) throws {
    let ways = (operation["security"] ?? root["security"])?.items ?? []
    guard let way = ways.first, !ways.contains(where: { $0.entries.isEmpty }) else { return }
    for entry in way.entries {
      guard let scheme = root["components"]?["securitySchemes"]?[entry.key].map({ values.resolved($0) }) else {
        throw Refusal(reason: "the security scheme \(entry.key.excerpt) is not described")
      }
      let name = scheme["name"]?.scalar?.text ?? entry.key
      let mark = EnvironmentMark.text(EnvironmentMark.variable(for: name))
      switch (scheme["type"]?.scalar?.text, scheme["in"]?.scalar?.text) {
      case ("apiKey", "header"):
        request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
        request.headers.append(.init(name, mark))
      case ("apiKey", "query"):
        query.removeAll { $0.name == name }
        query.append((name, ["\(OpenAPIStyle.encoded(name))=\(mark)"]))
      case ("apiKey", "cookie"): cookies = cookies.filter { !$0.hasPrefix("\(name)=") } + ["\(name)=\(mark)"]
      case ("http", _), ("oauth2", _), ("openIdConnect", _):
        request.headers.append(.init("Authorization", EnvironmentMark.text("AUTHORIZATION")))
      default: throw Refusal(reason: "a security scheme that a step can't follow: \(entry.key.excerpt)")
      }
    }
  }

  // MARK: Bodies

  private func setBody(of request: inout ImportedRequest, _ body: DocumentNode) throws {
    if ["GET", "HEAD", "OPTIONS"].contains(request.method) {
      throw Refusal(reason: "a body with \(request.method), which a step can't send")
    }
    let media = body["content"]?.entries ?? []
    let known = media.first { OpenAPIStyle.isJSON($0.key) } ?? media.first
    guard let known, let value = values.example(of: known.value) ?? known.value["schema"].flatMap({ values.whole($0) })
    else {
      // Nothing need be sent: then nothing is.
      throw Refusal(reason: "no example of its body")
    }
    let type = known.key.contains("*") ? "application/json" : known.key
    if OpenAPIStyle.isJSON(type) {
      request.body = values.jsonBody(value, schema: known.value["schema"])
    } else if type.hasPrefix("application/x-www-form-urlencoded"), case .object(let fields) = value {
      request.body = fields.flatMap { field in
        OpenAPIStyle.form(field.value, json: values.json).map {
          "\(OpenAPIStyle.encoded(field.name))=\(OpenAPIStyle.encoded($0))"
        }
      }.joined(separator: "&")
    } else if type.hasPrefix("multipart/form-data"), case .object(let fields) = value {
      request.parts = fields.flatMap { field in
        OpenAPIStyle.form(field.value, json: values.json).map { ImportedRequest.Part(name: field.name, text: $0) }
      }
      return
    } else if case .text(let text, _) = value {
      request.body = text
    } else {
      throw Refusal(reason: "an example that is no text of \(type.excerpt)")
    }
    request.headers.append(.init("Content-Type", type))
  }
}

extension DocumentNode {
  var entries: [DocumentEntry] {
    guard case .mapping(let entries) = content else { return [] }
    return entries
  }

  var items: [DocumentNode] {
    guard case .list(let nodes) = content else { return [] }
    return nodes
  }

  subscript(key: String) -> DocumentNode? { entries.first { $0.key == key }?.value }
}

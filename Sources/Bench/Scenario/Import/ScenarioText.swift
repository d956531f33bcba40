import Documents

/// Writes a scenario of one journey for imported requests, as a person would begin one.
package enum ScenarioText {
  /// Authorization and Cookie become `{{env.AUTHORIZATION}}` and `{{env.COOKIE}}`: a scenario is no place for secrets.
  /// - Parameter requests: all to the same origin; at most 50.
  /// - Throws: `ImportError` when there is none, or one can't be a step.
  package static func write(_ requests: [ImportedRequest], name: String) throws(ImportError) -> String {
    guard let first = requests.first else { throw ImportError("no requests") }
    guard requests.count <= Scenario.Bounds.stepsPerJourney.upperBound else {
      throw ImportError("\(requests.count) requests: a journey has at most 50 steps; import a part of them")
    }
    let origin = try split(first.url).origin
    var lines = [
      "# yaml-language-server: $schema=../schemas/scenario.schema.json",
      "name: \(quoted(name))", "target: \(origin.description)", "load:", "  users: 1", "  hold: 30s", "journeys:",
      "  - name: imported", "    steps:",
    ]
    var names: Set<String> = []
    for request in requests {
      let (target, path) = try split(request.url)
      guard target == origin else {
        throw ImportError("\(target) beside \(origin): a scenario has one target; import them apart")
      }
      guard ScenarioDecoder.methods.contains(request.method.lowercased()) else {
        throw ImportError("the method \(request.method.prefix(20)) is none of a step's")
      }
      if ([path, request.body ?? ""] + request.headers.map(\.value) + request.parts.map { $0.text ?? "" }).contains(
        where: { $0.contains("{{") })
      {
        throw ImportError("'{{' in the request to \(path.excerpt): in a scenario it begins a placeholder")
      }
      lines += step(request, path: path, name: unique(stepName(request.method, path), &names))
    }
    lines += ["budgets:", "  failed: rate < 1%", "  response_time: p(95) < 500ms"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func step(_ request: ImportedRequest, path: String, name: String) -> [String] {
    var lines = ["      - name: \(quoted(name))", "        \(request.method.lowercased()): \(quoted(path))"]
    let headers = request.headers.filter { RequestRenderer.problem(withHeader: $0.name) == nil }
    if !headers.isEmpty {
      lines.append("        headers:")
      for header in headers {
        let isSecret = ["authorization", "cookie"].contains(header.name.lowercased())
        let value = isSecret ? "\"{{env.\(header.name.uppercased())}}\"" : quoted(header.value)
        lines.append("          \(header.name): \(value)")
      }
    }
    if let body = request.body, !["GET", "HEAD", "OPTIONS"].contains(request.method) {
      lines.append("        body: \(quoted(body))")
    }
    if !request.parts.isEmpty {
      lines.append("        multipart:")
      lines += request.parts.map { "          \(quoted($0.name)): \(value(of: $0))" }
    }
    if request.followsRedirects { lines.append("        redirects: 5") }
    lines.append("        checks:")
    lines.append("          status: \(request.status.map(String.init) ?? "200..299")")
    return lines
  }

  private static func value(of part: ImportedRequest.Part) -> String {
    guard let file = part.file else { return quoted(part.text ?? "") }
    return "{ file: \(quoted(file))" + (part.type.map { ", type: \(quoted($0))" } ?? "") + " }"
  }

  private static func split(_ url: String) throws(ImportError) -> (origin: TargetURL, path: String) {
    do {
      let (origin, path) = try TargetURL.split(url.prefix { $0 != "#" }.description)
      return (origin, path)
    } catch {
      throw ImportError(error.description)
    }
  }

  /// `GET /users/7?x=1` as `get users-7`.
  private static func stepName(_ method: String, _ path: String) -> String {
    let words = path.prefix { $0 != "?" }.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
    return "\(method.lowercased()) \(words.isEmpty ? "root" : String(words.prefix(60)))"
  }

  private static func unique(_ name: String, _ names: inout Set<String>) -> String {
    var candidate = name
    var number = 2
    while !names.insert(candidate).inserted {
      candidate = "\(name) \(number)"
      number += 1
    }
    return candidate
  }

  /// A YAML double-quoted scalar, or the text itself where it can be nothing else.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isLetter || $0 == "/" } == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.?=&%+ ".contains($0)) }
      && text.last != " " && !["true", "false", "null"].contains(text.lowercased())
    if isPlain { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

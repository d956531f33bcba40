import Documents
import Foundation
import Secrets
import Wording

/// Writes a scenario of one journey for imported requests, as a person would begin one.
package enum ScenarioText {
  /// Credentials become `{{env.…}}`: a scenario is no place for secrets.
  /// - Parameter imported: all to the same origin; at most 50.
  /// - Returns: the scenario, and a line for each variable that the environment must have.
  /// - Throws: `ImportError` when there is none, or one can't be a step.
  package static func write(
    _ imported: ImportedRequests, name: String
  ) throws(ImportError) -> (text: String, variables: [String]) {
    let requests = imported.requests
    guard let first = requests.first else { throw ImportError("no requests") }
    guard requests.count <= Scenario.Bounds.stepsPerJourney.upperBound else {
      throw ImportError("\(requests.count) requests: a journey has at most 50 steps; import a part of them")
    }
    let origin = try split(first.url).origin
    var writer = StepText()
    var steps: [String] = []
    for request in requests {
      let (target, path) = try split(request.url)
      guard target == origin else {
        throw ImportError("\(target) beside \(origin): a scenario has one target; import them apart")
      }
      steps += try writer.step(request, path: path)
    }
    // Time for two rounds, whatever the pauses.
    let pauses = requests.compactMap { $0.pause?.seconds }.reduce(0, +)
    var lines = [
      "# yaml-language-server: $schema=../schemas/scenario.schema.json",
      "name: \(ImportedScalar.text(name))", "target: \(origin.description)",
    ]
    let defaults = defaults(imported, isEncrypted: origin.scheme == .https)
    if !defaults.isEmpty { lines += ["defaults:"] + defaults }
    lines += ["load:", "  users: 1", "  hold: \(max(30, Int((2 * pauses).rounded(.up))))s"]
    lines += ["journeys:", "  - name: imported", "    steps:"] + steps
    lines += ["budgets:", "  failed: rate < 1%", "  response_time: p(95) < 500ms"]
    return (lines.joined(separator: "\n") + "\n", writer.variables)
  }

  private static func defaults(_ imported: ImportedRequests, isEncrypted: Bool) -> [String] {
    var lines = imported.keepsCookies ? ["  cookies: true"] : []
    guard isEncrypted else { return lines }
    if imported.isInsecure {
      lines.append("  tls: { insecure: true }")
    } else if let file = imported.authorityFile {
      lines.append("  tls: { ca_file: \(ImportedScalar.text(file, flow: true)) }")
    }
    return lines
  }

  private static func split(_ url: String) throws(ImportError) -> (origin: TargetURL, path: String) {
    let whole = String(url.prefix { $0 != "#" })
    let authority = whole.firstRange(of: "://").map { whole[$0.upperBound...].prefix { !"/?".contains($0) } } ?? ""
    guard !EnvironmentMark.isIn(String(authority)) else {
      let name = EnvironmentMark.name(in: String(authority))
      throw ImportError(
        "the variable $\(name) in the host of \(EnvironmentMark.shown(whole).excerpt): write the host itself")
    }
    do {
      return try TargetURL.split(whole)
    } catch {
      throw ImportError(EnvironmentMark.shown(error.description))
    }
  }
}

/// Writes steps, each under a name of its own.
private struct StepText {
  /// A line for each variable of the environment.
  private(set) var variables: [String] = []
  private var names: Set<String> = []
  /// The value that each variable stands for.
  private var secrets: [String: String] = [:]

  mutating func step(_ request: ImportedRequest, path: String) throws(ImportError) -> [String] {
    guard ScenarioDecoder.methods.contains(request.method.lowercased()), request.method == request.method.uppercased()
    else {
      let isSpelling = ScenarioDecoder.methods.contains(request.method.lowercased())
      throw ImportError(
        isSpelling
          ? "the method '\(request.method)' is sent as it is written: write \(request.method.uppercased())"
          : "the method \(EnvironmentMark.shown(request.method).excerpt) is none of a step's")
    }
    let isWithoutBody = ["GET", "HEAD", "OPTIONS"].contains(request.method)
    if isWithoutBody, request.hasBody {
      throw ImportError(
        "\(request.method) \(EnvironmentMark.shown(path).excerpt) with a body (-d, --data, postData): a step can't send a "
          + "body with \(request.method)")
    }
    let texts =
      [path, request.body ?? ""] + request.headers.map { $0.value ?? "" }
      + request.parts.flatMap { [$0.name, $0.text ?? "", $0.type ?? ""] }
    if texts.contains(where: { $0.contains("{{") }) {
      throw ImportError(
        "'{{' in the request to \(EnvironmentMark.shown(path).excerpt): in a scenario it begins a placeholder")
    }
    let name = unique(Self.name(request.method, EnvironmentMark.shown(path)))
    var lines = [
      "      - name: \(ImportedScalar.text(name))",
      "        \(request.method.lowercased()): \(ImportedScalar.text(withoutSecrets(path, in: name)))",
    ]
    if let basic = request.basic {
      let user = ImportedScalar.text(basic.user, flow: true)
      lines.append(
        "        auth: { basic: { user: \(user), password: \(ImportedScalar.text(basic.password, flow: true)) } }")
    }
    lines += try headers(of: request, in: name)
    if let body = request.body { lines.append("        body: \(ImportedScalar.text(body))") }
    if let file = request.bodyFile { lines.append("        file: \(ImportedScalar.text(file))") }
    lines += Self.parts(of: request)
    if let count = request.redirects {
      lines.append("        redirects: \(min(count, Scenario.Bounds.redirects.upperBound))")
    }
    if let pause = request.pause, pause > .zero {
      let milliseconds = Int((min(pause, Scenario.Bounds.think.upperBound).seconds * 1_000).rounded())
      lines.append(
        "        think: " + (milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"))
    }
    lines.append("        checks:")
    lines.append("          status: \(request.status.map(String.init) ?? "200..299")")
    return lines
  }

  /// A key for each name, with a list where it has several lines, or none.
  private mutating func headers(of request: ImportedRequest, in step: String) throws(ImportError) -> [String] {
    var lines: [String] = []
    var done: Set<String> = []
    for header in request.headers where RequestRenderer.problem(withHeader: header.name) == nil {
      let name = header.name.lowercased()
      guard done.insert(name).inserted else { continue }
      let same = request.headers.filter { $0.name.lowercased() == name }
      var values: [String] = []
      if name == "cookie" {
        // One line: RFC 9113 §8.2.3.
        let whole = same.compactMap(\.value).joined(separator: "; ")
        if !whole.isEmpty {
          values = [written(.init(header.name, whole, isPublic: same.allSatisfy(\.isPublic)), in: step)]
        }
      } else {
        values = same.compactMap { header in header.value == nil ? nil : written(header, in: step) }
      }
      if values.count > 1, ["host", "user-agent"].contains(name) {
        throw ImportError("the header \(header.name) twice: a request has one")
      }
      if values.isEmpty, ["host", "user-agent", "cookie"].contains(name) { continue }
      lines.append(
        "          \(ImportedScalar.text(header.name)): "
          + (values.count == 1 ? values[0] : "[\(values.joined(separator: ", "))]"))
    }
    return lines.isEmpty ? [] : ["        headers:"] + lines
  }

  private mutating func written(_ header: ImportedRequest.Header, in step: String) -> String {
    let value = header.value ?? ""
    guard !header.isPublic, !EnvironmentMark.isIn(value), !value.isEmpty,
      SecretNames.isCredential(header: header.name, value: value)
    else { return ImportedScalar.text(value, flow: true) }
    return ImportedScalar.text(secret(header.name, value, "the header \(header.name) of '\(step)'"), flow: true)
  }

  private mutating func withoutSecrets(_ path: String, in step: String) -> String {
    guard let mark = path.firstIndex(of: "?") else { return path }
    let pairs = path[path.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false).map { pair in
      guard let equals = pair.firstIndex(of: "="), !EnvironmentMark.isIn(String(pair)) else { return String(pair) }
      let name = String(pair[..<equals])
      let value = String(pair[pair.index(after: equals)...])
      guard SecretNames.isCredential(parameter: name.removingPercentEncoding ?? name, value: value) else {
        return String(pair)
      }
      return "\(name)=\(secret(name, value, "the parameter \(name) of '\(step)'"))"
    }
    return path[...mark] + pairs.joined(separator: "&")
  }

  /// A variable that stands for this value and no other: `X_API_KEY`, `X_API_KEY_2`.
  private mutating func secret(_ name: String, _ value: String, _ place: String) -> String {
    let base = EnvironmentMark.variable(for: name)
    var candidate = base
    var number = 2
    while let taken = secrets[candidate], taken != value {
      candidate = "\(base)_\(number)"
      number += 1
    }
    if secrets.updateValue(value, forKey: candidate) == nil { variables.append("\(candidate) (\(place))") }
    return EnvironmentMark.text(candidate)
  }

  private static func parts(of request: ImportedRequest) -> [String] {
    var lines: [String] = []
    var done: Set<String> = []
    for part in request.parts where done.insert(part.name).inserted {
      let values = request.parts.filter { $0.name == part.name }.map(value)
      lines.append(
        "          \(ImportedScalar.text(part.name)): "
          + (values.count == 1 ? values[0] : "[\(values.joined(separator: ", "))]"))
    }
    return lines.isEmpty ? [] : ["        multipart:"] + lines
  }

  private static func value(of part: ImportedRequest.Part) -> String {
    func quoted(_ text: String) -> String { ImportedScalar.text(text, flow: true) }
    let isPlain = part.file == nil && part.type == nil && part.fileName == nil
    if isPlain { return quoted(part.text ?? "") }
    var keys = [part.file.map { "file: \(quoted($0))" } ?? "text: \(quoted(part.text ?? ""))"]
    if let type = part.type { keys.append("type: \(quoted(type))") }
    if let name = part.fileName { keys.append("filename: \(quoted(name))") }
    return "{ \(keys.joined(separator: ", ")) }"
  }

  /// `GET /users/7?x=1` as `get users-7`.
  private static func name(_ method: String, _ path: String) -> String {
    let words = path.prefix { $0 != "?" }.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
    return "\(method.lowercased()) \(words.isEmpty ? "root" : String(words.prefix(60)))"
  }

  private mutating func unique(_ name: String) -> String {
    var candidate = name
    var number = 2
    while !names.insert(candidate).inserted {
      candidate = "\(name) \(number)"
      number += 1
    }
    return candidate
  }
}

/// Texts of imported files as YAML, with their marks as placeholders.
enum ImportedScalar {
  /// A double-quoted scalar, or the text itself where it can be nothing else.
  /// - Parameter flow: within brackets or braces.
  static func text(_ text: String, flow: Bool = false) -> String {
    let isPlain =
      text.first.map { $0.isASCII && $0.isLetter || $0 == "/" } == true
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.=&+ ".contains($0) || !flow && "?%".contains($0))
      }
      && text.last != " " && !["true", "false", "null"].contains(text.lowercased())
    return isPlain ? text : YAMLScalar.quoted(EnvironmentMark.written(text))
  }
}

import BenchEngine
import BenchVerdict
package import Documents
import Foundation
import Wording

/// Decodes a scenario file. Every problem is found in one go.
package enum ScenarioReader {
  /// - Parameter file: what messages call it.
  /// - Throws: `DocumentError`, code `.invalid` for what is not a scenario.
  package static func read(text: String, file: String) throws(DocumentError) -> Scenario {
    try scenario(from: DocumentReader().read(text: text, file: file), file: file)
  }

  /// - Throws: `DocumentError`, code `.unreadable` when there is no such file.
  package static func read(path: String) throws(DocumentError) -> Scenario {
    try scenario(from: DocumentReader().read(path: path), file: path)
  }

  package static func scenario(from node: DocumentNode, file: String) throws(DocumentError) -> Scenario {
    var decoder = ScenarioDecoder(problems: DocumentProblems(file: file))
    let scenario = decoder.decode(node)
    try decoder.problems.throwIfAny()
    guard let scenario else {
      throw DocumentError(
        .invalid, file: file, problems: [.init(at: node.position, "not a scenario", expected: "a scenario")])
    }
    return scenario
  }
}

/// One walk over a scenario's nodes.
struct ScenarioDecoder {
  var problems: DocumentProblems

  static let keys = [
    "name", "description", "target", "time_zone", "variables", "data", "defaults", "load", "phases", "setup",
    "journeys", "teardown", "budgets",
  ]

  mutating func decode(_ node: DocumentNode) -> Scenario? {
    guard let root = node.mapping(allowing: Self.keys, &problems) else { return nil }
    let name = root.required("name", &problems)?.name(&problems)
    let description = root["description"]?.string(&problems)
    let target = root["target"].flatMap { self.target($0) }
    let timeZone = root["time_zone"].map { self.timeZone($0) } ?? "UTC"
    let variables = root["variables"].map { self.variables($0) } ?? [:]
    let defaults = root["defaults"].map { self.defaults($0) } ?? Defaults()
    let journeys = root.required("journeys", &problems).map { self.journeys($0) } ?? []
    let setup = root["setup"].map { self.steps($0) } ?? []
    let teardown = root["teardown"].map { self.steps($0) } ?? []
    let (load, phases) = loads(root, journeys: journeys)
    let budgets = root["budgets"].map { self.budgets($0) } ?? []
    let data = root["data"].map { self.data($0) } ?? []
    guard let name, let load else { return nil }
    var scenario = Scenario(
      file: problems.file, name: name, description: description, target: target, timeZone: timeZone,
      variables: variables, headers: defaults.headers, connectTimeout: defaults.connectTimeout,
      responseTimeout: defaults.responseTimeout, load: load, journeys: journeys, budgets: budgets, data: data,
      keepsCookies: defaults.keepsCookies, credentials: defaults.credentials,
      redirects: defaults.redirects)
    scenario.phases = phases
    scenario.setup = setup
    scenario.teardown = teardown
    scenario.expectedResponseBytes = defaults.expectedResponseBytes
    scenario.transport = defaults.transport
    return scenario
  }

  private mutating func target(_ node: DocumentNode) -> TargetURL? {
    guard let text = node.string(&problems, expected: "a URL such as http://127.0.0.1:8000") else { return nil }
    do {
      return try TargetURL.parse(text)
    } catch {
      problems.add(error.message, expected: "", at: node.position)
      return nil
    }
  }

  private mutating func timeZone(_ node: DocumentNode) -> String {
    guard let text = node.string(&problems, expected: "a time zone such as Asia/Kolkata") else { return "UTC" }
    if TimeZone(identifier: text) != nil { return text }
    let near = Spelling.closest(to: text, among: TimeZone.knownTimeZoneIdentifiers)
    problems.add(
      "unknown time zone '\(text.excerpt)'", expected: near.map { "'\($0)'" } ?? "an IANA name such as Asia/Kolkata",
      at: node.position)
    return "UTC"
  }

  private mutating func variables(_ node: DocumentNode) -> [String: String] {
    guard let mapping = node.mapping(&problems) else { return [:] }
    var variables: [String: String] = [:]
    for entry in mapping.entries {
      if !Template.isVariableName(entry.key) {
        problems.add(
          "'\(entry.key.excerpt)' as a variable's name",
          expected: "letters, digits and '_', and none of \(Placeholder.reserved.sorted().joined(separator: ", "))",
          at: entry.keyPosition)
      }
      variables[entry.key] = entry.value.string(&problems)
    }
    return variables
  }

  private struct Defaults {
    var headers: [HeaderTemplate] = []
    var connectTimeout = Duration.seconds(5)
    var responseTimeout = Duration.seconds(30)
    var keepsCookies = false
    var credentials: Scenario.Credentials?
    var redirects = 0
    var expectedResponseBytes: Double?
    var transport = Scenario.Transport()
  }

  private mutating func defaults(_ node: DocumentNode) -> Defaults {
    var defaults = Defaults()
    let keys =
      ["headers", "timeouts", "cookies", "auth", "redirects", "expected_response_bytes"] + Self.transportKeys
    guard let mapping = node.mapping(allowing: keys, &problems) else { return defaults }
    defaults.expectedResponseBytes = mapping["expected_response_bytes"].flatMap { byteCount($0) }
    defaults.keepsCookies = mapping["cookies"]?.boolean(&problems) ?? false
    defaults.redirects = mapping["redirects"]?.integer(in: Scenario.Bounds.redirects, &problems) ?? 0
    defaults.credentials = mapping["auth"].flatMap { credentials($0) }
    if let node = mapping["headers"] { defaults.headers = headers(node) }
    let timeouts = mapping["timeouts"]?.mapping(allowing: Self.timeoutKeys, &problems)
    if let time = timeouts?["connect"]?.duration(in: Scenario.Bounds.timeout, &problems) {
      defaults.connectTimeout = time
    }
    if let time = timeouts?["response"]?.duration(in: Scenario.Bounds.timeout, &problems) {
      defaults.responseTimeout = time
    }
    defaults.transport = transport(mapping, timeouts)
    return defaults
  }

  mutating func headers(_ node: DocumentNode) -> [HeaderTemplate] {
    guard let mapping = node.mapping(&problems) else { return [] }
    return mapping.entries.flatMap { entry -> [HeaderTemplate] in
      if let problem = RequestRenderer.problem(withHeader: entry.key) {
        problems.add("the header '\(entry.key.excerpt)'", expected: problem, at: entry.keyPosition)
        return []
      }
      guard case .list(let nodes) = entry.value.content else {
        return template(entry.value).map { [HeaderTemplate(name: entry.key, value: $0)] } ?? []
      }
      // A line each; an empty list is no line at all.
      let lines = Scenario.Bounds.headerLines
      if ["host", "cookie", "user-agent"].contains(entry.key.lowercased()) || nodes.count > lines {
        problems.add(
          "a list of \(nodes.count)", expected: nodes.count > lines ? "at most \(lines)" : "one text",
          at: entry.value.position)
        return []
      }
      if nodes.isEmpty { return [HeaderTemplate(name: entry.key, value: nil)] }
      return nodes.enumerated().compactMap { number, node in
        template(node).map { HeaderTemplate(name: entry.key, value: $0, isFurther: number > 0) }
      }
    }
  }

  /// Any scalar but null, with placeholders.
  mutating func template(_ node: DocumentNode, expected: String = "a text") -> Template? {
    guard node.string(&problems, expected: expected) != nil, let scalar = node.scalar else { return nil }
    return Template(scalar, at: node.position, &problems)
  }

  private mutating func budgets(_ node: DocumentNode) -> [Scenario.PlacedBudget] {
    guard let mapping = node.mapping(&problems) else { return [] }
    var budgets: [Scenario.PlacedBudget] = []
    for entry in mapping.entries {
      var conditions = [entry.value]
      if case .list(let nodes) = entry.value.content { conditions = nodes }
      budgets += conditions.compactMap { condition in
        budget(condition, of: entry).map { Scenario.PlacedBudget(budget: $0, position: entry.keyPosition) }
      }
    }
    return budgets
  }

  /// A condition, or k6's longer form of one.
  private mutating func budget(_ node: DocumentNode, of entry: DocumentEntry) -> Budget? {
    guard case .mapping = node.content else { return budget(condition: node, of: entry) }
    guard let mapping = node.mapping(allowing: ["threshold", "abortOnFail", "delayAbortEval"], &problems),
      let threshold = mapping.required("threshold", &problems)
    else { return nil }
    let budget = budget(condition: threshold, of: entry)
    let aborts = mapping["abortOnFail"].map { $0.boolean(&problems) } ?? false
    var delay: (String, Duration)?
    if let node = mapping["delayAbortEval"] {
      guard let time = node.duration(in: .zero...Scenario.Bounds.time.upperBound, &problems) else { return nil }
      delay = (node.scalar?.text ?? "", time)
    }
    guard let budget, let aborts, aborts else { return aborts == nil ? nil : budget }
    if let aborting = budget.aborting(after: delay) { return aborting }
    problems.add(
      "'abortOnFail' of a condition with 'abort after' or 'warn'", expected: "one of them",
      at: mapping.entry("abortOnFail")?.keyPosition ?? node.position)
    return nil
  }

  private mutating func budget(condition: DocumentNode, of entry: DocumentEntry) -> Budget? {
    guard let text = condition.string(&problems, expected: "a condition such as 'p(95) < 300ms'") else { return nil }
    do {
      return try Budget.parse(selector: entry.key, condition: text)
    } catch {
      var place = entry.keyPosition.advanced(by: error.offset)
      if error.part == .condition, let scalar = condition.scalar {
        place = scalar.position(ofOffset: error.offset, in: condition.position)
      }
      problems.add(error.what, expected: error.expected, at: place)
      return nil
    }
  }
}

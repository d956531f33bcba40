import BenchEngine
import Documents

extension ScenarioDecoder {
  static let methods = ["get", "post", "put", "patch", "delete", "head", "options"]
  static let stepKeys =
    ["name"] + methods + bodies
    + [
      "headers", "auth", "capture", "checks", "think", "repeat", "if", "while", "until", "at_most", "redirects", "tags",
      "expected_response_bytes",
    ]
  static let bodies = ["body", "json", "form", "multipart", "file"]
  /// What names may not hold, since budgets select by them and `journey/step` joins them.
  static let reservedInNames = "/{},\""

  mutating func journeys(_ node: DocumentNode) -> [Scenario.Journey] {
    guard let nodes = node.list(of: Scenario.Bounds.journeys, &problems) else { return [] }
    var names: Set<String> = []
    var journeys: [Scenario.Journey] = []
    for node in nodes {
      guard let mapping = node.mapping(allowing: ["name", "weight", "tags", "steps"], &problems) else { continue }
      let nameNode = mapping.required("name", &problems)
      let name = nameNode?.name(without: Self.reservedInNames, &problems)
      if let name, !names.insert(name).inserted {
        problems.add("a second journey '\(name)'", expected: "another name", at: nameNode?.position)
      }
      let weight = mapping["weight"]?.number(in: 0.000_001...1_000_000, &problems) ?? 1
      let steps = mapping.required("steps", &problems).map { self.steps($0, mayBeParallel: true) } ?? []
      let tags = mapping["tags"].map { self.tags($0) } ?? [:]
      journeys.append(Scenario.Journey(name: name ?? "", weight: weight, steps: steps, tags: tags))
    }
    if journeys.reduce(0, { $0 + $1.steps.count }) > Scenario.Bounds.steps {
      problems.add(
        "too many steps", expected: "at most \(Scenario.Bounds.steps) in all journeys", at: node.position)
    }
    return journeys
  }

  /// Of a journey, of setup or of teardown.
  /// - Parameter mayBeParallel: in a journey.
  mutating func steps(_ node: DocumentNode, mayBeParallel: Bool = false) -> [Scenario.Step] {
    guard let nodes = node.list(of: Scenario.Bounds.stepsPerJourney, &problems) else { return [] }
    var names: Set<String> = []
    let isOptional = nodes.map { node in
      if case .mapping(let entries) = node.content { return entries.contains { ["if", "while"].contains($0.key) } }
      return false
    }
    if isOptional.allSatisfy(\.self) {
      problems.add(
        "'if' or 'while' on every step", expected: "a step without it: otherwise nothing might be asked",
        at: node.position)
    }
    var steps: [Scenario.Step] = []
    for (number, node) in nodes.enumerated() {
      if mayBeParallel, Self.isParallel(node) {
        steps += parallel(node, number: number)
      } else if let step = step(node) {
        steps.append(step)
      }
    }
    for step in steps {
      if !names.insert(step.name).inserted {
        problems.add(
          "a second step '\(step.name)' in this journey", expected: "another name", at: step.position)
      }
    }
    return steps
  }

  mutating func step(_ node: DocumentNode) -> Scenario.Step? {
    guard let mapping = node.mapping(allowing: Self.stepKeys, &problems) else { return nil }
    let nameNode = mapping.required("name", &problems)
    let name = nameNode?.name(without: Self.reservedInNames, &problems)
    let headers = mapping["headers"].map { self.headers($0) } ?? []
    let checks = mapping["checks"].map { self.checks($0) } ?? []
    let captures = mapping["capture"].map { self.captures($0) } ?? []
    let credentials = mapping["auth"].flatMap { self.credentials($0) }
    let repetitions = mapping["repeat"]?.integer(in: Scenario.Bounds.repetitions, &problems) ?? 1
    let condition = mapping["if"].flatMap { self.condition($0) }
    let loop = loop(mapping)
    let tags = mapping["tags"].map { self.tags($0) } ?? [:]
    let expectedResponseBytes = mapping["expected_response_bytes"].flatMap { byteCount($0) }
    let thinkTime = mapping["think"].map { self.thinkTime($0) } ?? ThinkTime.none

    let requests = mapping.entries.filter { Self.methods.contains($0.key) }
    guard let request = requests.first else {
      problems.add(
        "a step without a request", expected: "one of \(Self.methods.joined(separator: ", ")) with a path",
        at: mapping.position)
      return nil
    }
    if requests.count > 1 {
      problems.add("a second request in one step", expected: "a step of its own", at: requests[1].keyPosition)
    }
    let body = body(mapping, of: request.key)
    guard let path = template(request.value, expected: "a path that begins with '/'") else { return nil }
    let first = path.parts.first ?? .text("")
    if case .text(let text) = first, !text.hasPrefix("/") {
      problems.add(
        "the path '\(text.excerpt)'", expected: "one that begins with '/': the target has scheme and host",
        at: request.value.position)
    }
    guard let name else { return nil }
    return Scenario.Step(
      name: name, position: nameNode?.position, method: request.key.uppercased(), path: path, headers: headers,
      body: body, checks: checks, thinkTime: thinkTime, captures: captures, credentials: credentials,
      repetitions: repetitions, condition: condition, loop: loop,
      redirects: mapping["redirects"]?.integer(in: Scenario.Bounds.redirects, &problems), tags: tags,
      expectedResponseBytes: expectedResponseBytes)
  }

  /// `while` or `until`, with `at_most`.
  private mutating func loop(_ mapping: DocumentMapping) -> Scenario.Loop? {
    let entries = ["while", "until"].compactMap { mapping.entry($0) }
    let atMost = mapping["at_most"]?.integer(in: Scenario.Bounds.repetitions, &problems) ?? 10
    guard let entry = entries.first else {
      if let entry = mapping.entry("at_most") {
        problems.add("'at_most' alone", expected: "'while' or 'until' beside it", at: entry.keyPosition)
      }
      return nil
    }
    for other in entries.dropFirst() + [mapping.entry("repeat")].compactMap(\.self) {
      problems.add("both '\(entry.key)' and '\(other.key)'", expected: "one of them", at: other.keyPosition)
    }
    return condition(entry.value).map {
      Scenario.Loop(kind: entry.key == "while" ? .while : .until, condition: $0, atMost: atMost)
    }
  }

  private mutating func body(_ mapping: DocumentMapping, of method: String) -> Scenario.Body? {
    let entries = Self.bodies.compactMap { mapping.entry($0) }
    guard let entry = entries.first else { return nil }
    if entries.count > 1 {
      problems.add(
        "both '\(entry.key)' and '\(entries[1].key)'", expected: "one of them", at: entries[1].keyPosition)
    }
    if ["get", "head", "options"].contains(method) {
      problems.add(
        "a body with '\(method)'", expected: "post, put, patch or delete, or no body", at: entry.keyPosition)
    }
    switch entry.key {
    case "body": return template(entry.value).map { .text($0) }
    case "form": return fields(entry.value).map { .form($0) }
    case "multipart": return parts(entry.value).map { .multipart($0) }
    case "file": return fileName(entry.value).map { .file($0, position: entry.value.position) }
    default:
      // Looked at before there are values, so that a placeholder's problem shows when the file is read.
      JSONBody.checkPlaceholders(entry.value, &problems)
      return .json(entry.value)
    }
  }

  mutating func thinkTime(_ node: DocumentNode) -> ThinkTime {
    guard let text = node.string(&problems, expected: PauseText.expected) else { return .none }
    if let time = PauseText.parse(text) { return time }
    problems.add("'\(text.excerpt)'", expected: "\(PauseText.expected), up to 1h", at: node.position)
    return .none
  }
}

import BenchVerdict
import Documents
import Wording

extension ScenarioDecoder {
  private static let phaseKeys = ["name", "start_after", "start_with", "load", "journeys", "wakes"]

  /// `load`, or `phases` with a load each.
  /// - Returns: the one load, or the first phase's.
  mutating func loads(
    _ root: DocumentMapping, journeys: [Scenario.Journey]
  ) -> (load: Scenario.Load?, phases: [Scenario.Phase]) {
    guard let entry = root.entry("phases") else {
      return (root.required("load", &problems).flatMap { self.load($0) }, [])
    }
    if let load = root.entry("load") {
      problems.add("both 'load' and 'phases'", expected: "one of them", at: load.keyPosition)
    }
    guard let nodes = entry.value.list(of: Scenario.Bounds.phases, &problems) else { return (nil, []) }
    var phases: [Scenario.Phase] = []
    for node in nodes {
      guard let phase = phase(node, after: phases.map(\.name), journeys: journeys.map(\.name)) else { continue }
      if phase.wakes != nil, phases.contains(where: { $0.wakes != nil }) {
        problems.add("a second phase with 'wakes'", expected: "one: a service wakes once", at: phase.position)
      }
      phases.append(phase)
    }
    return (phases.first?.load, phases)
  }

  /// - Parameter earlier: names of the phases before it, the only ones that it can wait for.
  private mutating func phase(
    _ node: DocumentNode, after earlier: [String], journeys: [String]
  ) -> Scenario.Phase? {
    guard let mapping = node.mapping(allowing: Self.phaseKeys, &problems) else { return nil }
    let nameNode = mapping.required("name", &problems)
    let name = nameNode?.name(without: Self.reservedInNames, &problems)
    if let name, earlier.contains(name) {
      problems.add("a second phase '\(name)'", expected: "another name", at: nameNode?.position)
    }
    let load = mapping.required("load", &problems).flatMap { self.load($0) }
    var start = Scenario.Phase.Start.after(nil)
    if let node = mapping["start_after"], let text = template(node, expected: "a duration or an earlier phase's name") {
      if let literal = text.literal, Scenario.Phase.time(literal) == nil, !earlier.contains(literal) {
        problems.add(
          "'\(literal.excerpt)'", expected: "a duration such as 30s, or the name of an earlier phase", at: node.position
        )
      }
      start = .after(text)
    }
    if let node = mapping["start_with"], let other = node.name(without: Self.reservedInNames, &problems) {
      if let entry = mapping.entry("start_after") {
        problems.add("both 'start_with' and 'start_after'", expected: "one of them", at: entry.keyPosition)
      }
      if !earlier.contains(other) { unknown("phase", other, earlier, at: node.position) }
      start = .with(.init(text: other, position: node.position))
    }
    var chosen: [Scenario.PlacedName] = []
    for node in mapping["journeys"]?.list(of: Scenario.Bounds.journeys, &problems) ?? [] {
      guard let text = node.name(without: Self.reservedInNames, &problems) else { continue }
      if !journeys.contains(text) { unknown("journey", text, journeys, at: node.position) }
      chosen.append(.init(text: text, position: node.position))
    }
    let wakes = mapping["wakes"].flatMap { wakeBudget($0) }
    guard let name, let load else { return nil }
    return Scenario.Phase(
      name: name, position: nameNode?.position, start: start, load: load, journeys: chosen, wakes: wakes)
  }

  private mutating func unknown(_ what: String, _ name: String, _ known: [String], at position: DocumentPosition) {
    let near = Spelling.closest(to: name, among: known).map { "'\($0)'" }
    problems.add(
      "unknown \(what) '\(name.excerpt)'",
      expected: near ?? (known.isEmpty ? "an earlier \(what)" : Spelling.alternatives(known.map { "'\($0)'" })),
      at: position)
  }

  /// `p(95) < 300ms`: of the response time, each second.
  private mutating func wakeBudget(_ node: DocumentNode) -> Budget? {
    guard let text = node.string(&problems, expected: "a condition such as 'p(95) < 300ms'") else { return nil }
    do {
      let budget = try Budget.parse(selector: Metric.responseTime.rawValue, condition: text)
      guard budget.level == .fail else {
        problems.add("'warn' of what a wake is measured by", expected: "a condition alone", at: node.position)
        return nil
      }
      return budget
    } catch {
      problems.add(error.what, expected: error.expected, at: node.position)
      return nil
    }
  }

  /// `20KB`.
  mutating func byteCount(_ node: DocumentNode) -> Double? {
    guard let text = node.scalar?.text, let value = ByteText.parse(text[...]), value.isFinite else {
      return node.mismatch("bytes such as 512, 20KB or 1.5MB", &problems)
    }
    return value
  }
}

extension Scenario.Phase {
  /// A start that is a time.
  static func time(_ text: String) -> Duration? {
    DurationText.parse(text).flatMap { Scenario.Bounds.time.contains($0) ? $0 : nil }
  }
}

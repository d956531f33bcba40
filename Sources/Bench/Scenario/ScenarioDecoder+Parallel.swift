import BenchEngine
import Documents

/// `parallel`: steps of a journey that are asked for at the same time.
extension ScenarioDecoder {
  static let parallelKeys = ["parallel", "connections", "think"]
  /// What a member has none of: it is asked once and always, and the pause is the group's.
  static let keysBeyondMembers = ["think", "repeat", "if", "while", "until", "at_most"]

  static func isParallel(_ node: DocumentNode) -> Bool {
    if case .mapping(let entries) = node.content { entries.contains { $0.key == "parallel" } } else { false }
  }

  /// - Parameter number: of the group in its journey.
  mutating func parallel(_ node: DocumentNode, number: Int) -> [Scenario.Step] {
    guard let mapping = node.mapping(allowing: Self.parallelKeys, &problems) else { return [] }
    let connections =
      mapping["connections"]?.integer(in: Scenario.Bounds.parallelConnections, &problems)
      ?? Scenario.Bounds.parallelConnections.upperBound
    let thinkTime = mapping["think"].map { self.thinkTime($0) } ?? ThinkTime.none
    guard let nodes = mapping.required("parallel", &problems)?.list(of: Scenario.Bounds.parallelSteps, &problems)
    else { return [] }
    var steps = nodes.compactMap { node in
      refuse(Self.keysBeyondMembers, in: node)
      return step(node)
    }
    for index in steps.indices {
      steps[index].parallel = Scenario.Parallel(number: number, connections: connections)
      steps[index].thinkTime = .none
    }
    // The group ends with its last member, and so does the pause after it.
    if !steps.isEmpty { steps[steps.count - 1].thinkTime = thinkTime }
    return steps
  }

  private mutating func refuse(_ keys: [String], in node: DocumentNode) {
    guard case .mapping(let entries) = node.content else { return }
    for entry in entries where keys.contains(entry.key) {
      problems.add(
        "'\(entry.key)' in a step of 'parallel'",
        expected: entry.key == "think" ? "'think' beside 'parallel'" : "a step of its own before or after the group",
        at: entry.keyPosition)
    }
  }
}

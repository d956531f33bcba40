import Evidence
import Plans
import Statistics

/// The rule, applied to candidates that were priced and held against the limits.
///
/// A candidate is the answer when it keeps every limit for certain and no other one that may keep them is better by more
/// than `material`: against a cheaper one by the *lower* bound of the affected visits that it saves (UPGRADE), against a
/// dearer one by the *upper* bound (STAY); of two that are both as good, the one that is expected to cost less. Candidates of
/// one price that both sleep rest on the same visits, so their expected costs are compared.
///
/// What nobody stated is within the bounds, from its best to its worst: so an assumption alone neither buys a plan nor
/// keeps anybody on one. A cheaper web plan than now's is the answer (DOWNGRADE) only where it keeps every limit for certain,
/// by measurements of its own, and saves more than `material` at the upper bound; else it has no part in the ruling.
struct Ruling {
  var verdict: Decision.Verdict
  /// The answer, or the best so far.
  var chosen: Assessment?
  /// All, the best first.
  var assessments: [Assessment]
  /// For INCONCLUSIVE.
  var needs: [Need] = []
  /// Those that the answer could not be told from, for INCONCLUSIVE.
  var rivals: [Assessment] = []

  /// Dollars a month below which two answers are alike: twelve dollars a year.
  static let material = 1.0
  /// Below this a simpler candidate is taken.
  static let negligible = 0.1

  /// - Parameters:
  ///   - nowPrice: what is paid now.
  ///   - cheaper: on cheaper web plans than now's; `isProven` tells of each whether measurements of its own hold it.
  init(
    _ assessments: [Assessment], cheaper: [(assessment: Assessment, isProven: Bool)] = [], nowPrice: Money,
    inputs: DecisionInputs
  ) {
    // They take part where they are sure to save more than is of no matter.
    let proven = cheaper.filter { $0.isProven && $0.assessment.state == .clear }.map(\.assessment).filter { candidate in
      guard let cost = candidate.cost else { return false }
      let staying = assessments.first {
        $0.deployment.web == inputs.now.web && $0.deployment.database == candidate.deployment.database
      }
      return (staying?.cost?.lower ?? nowPrice.dollars) - cost.upper > Self.material
    }
    let others = cheaper.map(\.assessment).filter { other in !proven.contains { $0.deployment == other.deployment } }
    let isMovedDown = { (deployment: Hosting) in proven.contains { $0.deployment == deployment } }
    let possible = Self.withoutSpareHours(assessments.filter { $0.state != .breached }) + proven
    // What likely breaks a limit looks worse than anything that keeps it.
    let ranked = possible.enumerated().sorted { left, right in
      (left.element.isDoubtful ? 1 : 0, left.element.cost?.value ?? .infinity, left.offset)
        < (right.element.isDoubtful ? 1 : 0, right.element.cost?.value ?? .infinity, right.offset)
    }.map(\.element)
    let breached = assessments.filter { other in !possible.contains { $0.deployment == other.deployment } }
    self.assessments = ranked + breached + others
    var winners: [Assessment] = []
    // What nobody stated is no statistical doubt: its worst end counts in full.
    let tolerance = inputs.values.valuePerColdVisit == nil ? 0 : Self.material
    for candidate in possible where candidate.state == .clear {
      if possible.allSatisfy({ Self.isAsGood(candidate, as: $0, tolerance: tolerance) }) { winners.append(candidate) }
    }
    // `possible` is in order of change: the first that is within a dime of the best.
    let best = winners.compactMap { $0.cost?.value }.min() ?? 0
    if let answer = winners.first(where: { ($0.cost?.value ?? 0) <= best + Self.negligible }) {
      chosen = answer
      verdict = answer.price > nowPrice ? .upgrade : isMovedDown(answer.deployment) ? .downgrade : .stay
      return
    }
    verdict = .inconclusive
    chosen = ranked.first
    rivals = Self.rivals(of: ranked)
    needs = Self.needs(ranked, rivals: rivals, inputs: inputs)
  }

  /// Of hours of duty those that may be too many are left out where fewer are sure to be had: what lies between is no
  /// reason to wait.
  private static func withoutSpareHours(_ assessments: [Assessment]) -> [Assessment] {
    func hours(_ assessment: Assessment) -> Decision.Considered.State? {
      guard case .duty = assessment.deployment.keepAwake else { return nil }
      return assessment.checks.first { $0.limit == .hours }?.state
    }
    guard assessments.contains(where: { hours($0) == .clear }) else { return assessments }
    return assessments.filter { hours($0) != .open }
  }

  /// Choosing `candidate` where `other` could be had is no mistake.
  private static func isAsGood(_ candidate: Assessment, as other: Assessment, tolerance: Double) -> Bool {
    if candidate.deployment == other.deployment { return true }
    // What visits cost is not known: then only what is no dearer for certain is as good.
    guard let own = candidate.cost else { return false }
    guard let others = other.cost else { return own.upper <= other.price.dollars + other.dataCost }
    if candidate.sleeps, other.sleeps {
      return own.value - others.value <= (candidate.price > other.price ? 0 : material)
    }
    // A dollar a month is of no matter, to either side.
    if candidate.sleeps || other.sleeps { return own.upper - others.lower <= tolerance }
    return own.value <= others.value
  }

  /// The best candidate and those that may beat it.
  private static func rivals(of ranked: [Assessment]) -> [Assessment] {
    guard let first = ranked.first else { return [] }
    return ranked.dropFirst().filter { other in
      guard let cost = first.cost, let others = other.cost else { return true }
      return first.state == .open || others.lower < cost.upper
    }
  }

  private static func needs(_ ranked: [Assessment], rivals: [Assessment], inputs: DecisionInputs) -> [Need] {
    guard let first = ranked.first else { return [] }
    var needs = first.openChecks.compactMap(\.missing)
    // A rival's open limit matters where the rival would be better.
    for rival in rivals where (rival.cost?.lower ?? 0) < (first.cost?.upper ?? .infinity) {
      needs += rival.openChecks.compactMap(\.missing)
    }
    if first.cost == nil || rivals.contains(where: { $0.cost == nil }) { needs.append(.visits) }
    if needs.isEmpty {
      let price = rivals.first.map { "between \($0.price) and \(first.price)" } ?? "between the candidates"
      needs.append(.moreDays(inputs, why: "what affected visits cost lies \(price) a month, as far as can be told"))
    }
    var seen: Set<Need> = []
    return needs.filter { seen.insert($0).inserted }.enumerated()
      .sorted { ($0.element.effort, $0.offset) < ($1.element.effort, $1.offset) }.map(\.element)
  }
}

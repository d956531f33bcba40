package import Evidence
import Foundation
import Plans
import Statistics

/// STAY, UPGRADE or INCONCLUSIVE: from evidence to a ruling. Pure; `DecisionBuilder` makes the document of it.
package struct Decider {
  let inputs: DecisionInputs
  let visits: VisitEvidence
  private let known: KnownOutlooks

  package init(_ inputs: DecisionInputs) {
    var inputs = inputs
    let visits = VisitEvidence(inputs)
    // A log with pings in it is of a service that is kept awake already, unless the owner refuses that.
    if visits.pinger != nil, inputs.values.keepAwakeIsAllowed, inputs.now.keepAwake == .none,
      inputs.catalogue.web(inputs.now.web)?.sleep != nil
    {
      inputs.now.keepAwake = .always
    }
    self.inputs = inputs
    self.visits = visits
    known = KnownOutlooks()
  }

  /// The same evidence under other values: nothing is counted anew.
  init(_ decider: Decider, inputs: DecisionInputs) {
    self.inputs = inputs
    visits = decider.visits
    known = decider.known
  }

  func assessor(scale: Double = 1) -> Assessor { Assessor(inputs, visits: visits, known: known, scale: scale) }

  /// - Parameter scale: traffic relative to the evidence's.
  func rule(scale: Double = 1) -> Ruling {
    let assessor = assessor(scale: scale)
    let space = CandidateSpace(inputs, visits: visits, capacity: assessor.capacity)
    let assessments = space.deployments.compactMap { assessor.assess($0) }
    let cheaper = space.cheaper.compactMap { assessor.assess($0) }.map { ($0, isProven($0, assessor)) }
    var now = assessor.price(of: inputs.now) ?? .zero
    if let overage = assessor.egressOverage { now = now - overage.roundedToCents }
    return Ruling(assessments, cheaper: cheaper, nowPrice: now, inputs: inputs)
  }

  /// Whether measurements on the candidate's own plan hold it: capacity, memory, visits that were counted, and pings whose
  /// failures somebody knows.
  private func isProven(_ candidate: Assessment, _ assessor: Assessor) -> Bool {
    guard let web = inputs.catalogue.web(candidate.deployment.web) else { return false }
    return assessor.capacity.isProven(web, cache: candidate.deployment.cache) && assessor.memory.fits(web)
      && (!candidate.sleeps || candidate.outlook?.basis == .counted && candidate.outlook?.assumed == nil)
  }

  /// The answer without the document around it.
  package struct Answer {
    package var verdict: Decision.Verdict
    /// For INCONCLUSIVE the one that looks best so far.
    package var deployment: Hosting?
    /// What only the owner knows and would settle it.
    package var question: Decision.Question?
    /// What would settle an INCONCLUSIVE, the cheapest first.
    package var missing: [Decision.Missing]
    /// Prices and what affected visits cost in the long run, dollars a month; nil where visits are not known.
    package var cost: (value: Double, lower: Double, upper: Double)?
  }

  package func decide() -> Answer {
    let ruling = rule()
    return Answer(
      verdict: ruling.verdict, deployment: ruling.chosen?.deployment, question: OwnerQuestion(self, ruling).question,
      missing: ruling.needs.map(\.missing),
      cost: ruling.chosen?.cost.map { ($0.value, $0.lower, $0.upper) })
  }
}

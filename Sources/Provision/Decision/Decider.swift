package import Evidence
import Foundation
import Plans
import Statistics

/// STAY, UPGRADE or INCONCLUSIVE: from evidence to a ruling. Pure; `DecisionBuilder` makes the document of it.
package struct Decider {
  let inputs: DecisionInputs
  let visits: VisitEvidence
  /// What sleep does at the evidence's own traffic, where it was reckoned already.
  var known: [KeepAwake: SleepOutlook] = [:]

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
  }

  /// The same evidence under other values: nothing is counted anew.
  init(_ decider: Decider, inputs: DecisionInputs) {
    self.inputs = inputs
    visits = decider.visits
    // Of the values that flips change, only the pings' misses bear on sleep.
    if inputs.values.keepAwakeMiss == decider.inputs.values.keepAwakeMiss { known = decider.known }
  }

  /// Reckons what sleep does once for all further rulings.
  mutating func prepare() {
    var assessor = Assessor(inputs, visits: visits)
    for deployment in CandidateSpace(inputs, visits: visits, capacity: assessor.capacity).deployments {
      _ = assessor.assess(deployment)
    }
    known = assessor.known
  }

  /// - Parameter scale: traffic relative to the evidence's.
  func rule(scale: Double = 1) -> Ruling {
    var assessor = Assessor(inputs, visits: visits, scale: scale)
    if scale == 1 { assessor.known = known }
    let space = CandidateSpace(inputs, visits: visits, capacity: assessor.capacity)
    let assessments = space.deployments.compactMap { assessor.assess($0) }
    var now = assessor.price(of: inputs.now) ?? .zero
    if let overage = assessor.egressOverage { now = now - overage.roundedToCents }
    return Ruling(assessments, nowPrice: now, inputs: inputs)
  }

  /// The verdict and the deployment that it names, without the document around them.
  package func decide() -> (verdict: Decision.Verdict, deployment: Deployment?) {
    let ruling = rule()
    return (ruling.verdict, ruling.chosen?.deployment)
  }
}

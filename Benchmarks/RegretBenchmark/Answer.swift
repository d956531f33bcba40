import Evidence
import ProvisionDecision

/// What the decision says, as far as it is judged.
struct Answer {
  var verdict: Decision.Verdict
  /// For INCONCLUSIVE the one that looks best so far.
  var deployment: Hosting?
  /// The key of `values.yaml` that would settle it.
  var question: String?
  /// Of the deployment, dollars a month in the long run.
  var cost: (value: Double, lower: Double, upper: Double)?

  /// Why it is open, the first reason.
  var missing: String?

  var isConclusive: Bool { verdict != .inconclusive }

  init(_ inputs: DecisionInputs) {
    let decided = Decider(inputs).decide()
    verdict = decided.verdict
    deployment = decided.deployment
    missing = decided.missing.first.map { "\($0.what): \($0.why)" }
    question = decided.question?.key
    cost = decided.cost.map { ($0.value, $0.lower, $0.upper) }
  }
}

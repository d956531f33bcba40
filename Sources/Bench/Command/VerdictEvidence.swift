import BenchVerdict
import Evidence
import Terminal

extension RunVerdict {
  /// The verdict as evidence states it.
  /// - Parameter failure: why there was no run, when there was none.
  func evidence(failure: CommandFailure?) -> VerdictFigures {
    let code = failure?.exitStatus ?? exitCode
    let outcome: VerdictFigures.Outcome =
      switch code {
      case .pass: .pass
      case .targetNeverAnswered: .neverAnswered
      case .generatorBound: .generatorBound
      case .noData: .noData
      case .interrupted: .interrupted
      case .notMet: .fail
      default: .error
      }
    return VerdictFigures(
      outcome: outcome, exitCode: Int(code.rawValue), reasons: failure.map { [$0.message] } ?? reasons(for: code))
  }

  private func reasons(for code: ExitStatus) -> [String] {
    var reasons: [String] = []
    switch code {
    case .pass: return []
    case .targetNeverAnswered: reasons.append("not one request got a complete HTTP answer")
    case .interrupted: reasons.append("the run was interrupted")
    case .generatorBound:
      if case .generatorBound(let reason) = generator { reasons.append(reason) }
    default: break
    }
    for budget in budgets where budget.budget.level == .fail && ![.met, .unsure].contains(budget.outcome) {
      reasons.append("\(budget.budget.text): was \(budget.observedText)")
    }
    return reasons
  }
}

extension BudgetVerdict {
  var evidence: BudgetFigures {
    let isUnanswered = observed == .infinity
    return BudgetFigures(
      text: budget.text, isDefault: budget.isDefault, metric: budget.selector.metric.rawValue,
      statistic: String(budget.conditionText.prefix { !"<>=! ".contains($0) }), step: budget.selector.step,
      observed: isUnanswered ? nil : observed.map(quantity), isUnanswered: isUnanswered,
      limit: quantity(budget.limit), verdict: verdict, samples: sampleCount,
      warning: warnings.isEmpty ? nil : warnings.joined(separator: "; "), phase: budget.selector.phase,
      tags: tags.isEmpty ? nil : tags, level: budget.level == .warn ? .warn : nil,
      observedInterval: interval.map { BudgetFigures.Interval(lower: bound($0.lower), upper: bound($0.upper)) })
  }

  private var verdict: BudgetFigures.Verdict {
    switch outcome {
    case .met: .met
    case .notMet: .notMet
    case .noData: .noData
    case .unsure: .unsure
    }
  }

  private var tags: [String: String] {
    budget.selector.tags.merging(budget.selector.captured.map { ["name": $0] } ?? [:]) { own, _ in own }
  }

  private func bound(_ value: Double) -> Double? { value.isFinite ? quantity(value).value : nil }

  private func quantity(_ value: Double) -> Quantity {
    switch budget.unit {
    case .nanoseconds: Quantity(value / 1e6, .milliseconds)
    case .share: Quantity(value, .ratio)
    case .perSecond: Quantity(value, .perSecond)
    case .count: Quantity(value, .count)
    case .bytes: Quantity(value, .bytes)
    case .bytesPerSecond: Quantity(value, .bytesPerSecond)
    }
  }
}

extension GeneratorVerdict {
  var isBound: Bool {
    if case .generatorBound = self { true } else { false }
  }

  var warnings: [String] {
    switch self {
    case .ok: []
    case .noisyHost(let warning), .generatorBound(let warning): [warning]
    }
  }
}

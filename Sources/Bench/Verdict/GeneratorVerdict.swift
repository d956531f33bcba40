package import Histograms
import Wording

/// What the generator says about itself.
package enum GeneratorVerdict: Sendable, Equatable {
  case ok
  /// The figures stand, but the machine was not quiet.
  case noisyHost(String)
  /// The generator could not keep up, and that could flip a verdict: never a pass.
  case generatorBound(String)

  /// A worker that is on a CPU for more than this share of a second has no room left.
  package static let busyLimit = 0.85
  /// Lag counts when it is more than this share of the slack.
  package static let lagShare = 0.1

  /// How near the nearest verdict is to flipping.
  package struct Slack: Sendable, Equatable {
    /// The budget's quantile, 0...1: lag is read at the same.
    package var quantile: Double
    /// Between the budget's limit and what was observed.
    package var nanoseconds: Double
    /// The budget's words.
    package var budget: String

    package init(quantile: Double, nanoseconds: Double, budget: String) {
      self.quantile = quantile
      self.nanoseconds = nanoseconds
      self.budget = budget
    }

    /// The tightest among the verdicts on times that can fail a run, met or not; nil when none has a finite figure.
    package static func tightest(of verdicts: [BudgetVerdict]) -> Slack? {
      verdicts.compactMap { verdict -> Slack? in
        guard verdict.budget.unit == .nanoseconds, verdict.budget.level == .fail, let observed = verdict.observed,
          observed.isFinite
        else {
          return nil
        }
        let quantile: Double =
          switch verdict.budget.method {
          case .quantile(let quantile): quantile
          case .maximum: 1
          default: 0.5
          }
        return Slack(
          quantile: quantile, nanoseconds: (verdict.budget.limit - observed).magnitude, budget: verdict.budget.text)
      }
      .min { $0.nanoseconds < $1.nanoseconds }
    }
  }

  /// - Parameters:
  ///   - lag: schedule lag of all steps, merged.
  ///   - controlLag: of the timer that does nothing else.
  ///   - peakWorkerBusy: the highest share of one second that any worker was on a CPU.
  ///   - resourceFailures: connections that descriptors or local ports did not suffice for.
  ///   - response: of all steps, merged: without a budget on times, its p99 stands for the slack.
  /// - Source: DESIGN, measuring rule 9.
  package static func judge(
    lag: Histogram, controlLag: Histogram, peakWorkerBusy: Double, resourceFailures: UInt64, tightest: Slack?,
    response: Histogram
  ) -> GeneratorVerdict {
    if resourceFailures > 0 {
      return .generatorBound(
        "\(resourceFailures) connections could not be opened for lack of descriptors or local ports: raise "
          + "'ulimit -n', or use fewer users")
    }
    let fallback = response.value(at: 0.99).flatMap { p99 in
      p99.isFinite ? Slack(quantile: 0.99, nanoseconds: p99, budget: "the response time's p(99)") : nil
    }
    guard let slack = tightest ?? fallback else { return .ok }
    let allowed = slack.nanoseconds * lagShare
    let late = lag.value(at: slack.quantile) ?? 0
    let controlLate = controlLag.value(at: slack.quantile) ?? 0
    let of =
      "p(\((slack.quantile * 100).plainText)) of the schedule lag is \(text(late)), more than 10 % of the "
      + "\(text(slack.nanoseconds)) that decide '\(slack.budget)'"

    if late > allowed, peakWorkerBusy > busyLimit {
      return .generatorBound(
        "\(of), and a worker was busy \(Int((peakWorkerBusy * 100).rounded())) % of a second: add --threads, or "
          + "offer less load")
    }
    if controlLate > allowed {
      return .noisyHost(
        "an idle timer woke \(text(controlLate)) late at the same quantile: something else uses this machine")
    }
    if late > allowed {
      return .noisyHost("\(of), though no worker was busy: arrivals waited for a connection, or for this machine")
    }
    return .ok
  }

  private static func text(_ nanoseconds: Double) -> String {
    nanoseconds.isFinite ? DurationText.format(.nanoseconds(Int64(min(nanoseconds, 9e18)))) : "unbounded"
  }
}

extension Double {
  fileprivate var plainText: String { BudgetVerdict.rounded(self) }
}

package import Evidence
import Foundation
package import Plans
import Statistics
import Terminal
import Wording

/// A plans report for people: one line a plan, then what limits each and what the figures are worth.
package struct PlansSummary {
  private let report: PlansReport
  private let catalogue: Catalogue
  private let path: String

  /// - Parameter path: where the report is.
  package init(report: PlansReport, catalogue: Catalogue, path: String) {
    self.report = report
    self.catalogue = catalogue
    self.path = path
  }

  package var lines: [String] {
    var table = TextTable([.left, .left, .left, .left, .left, .left, .left])
    table.add("plan", "price", "capacity", "start", "cold visit", "memory", "limit")
    for plan in report.plans { table.add(row(plan)) }
    let isApproximate = report.limiter == .approximate
    var lines = [
      "",
      "\(report.scenario.name) under \(report.catalogue)\(isApproximate ? "  — APPROXIMATE LIMITS" : "")",
    ]
    lines += table.lines() + [""]
    for plan in report.plans where !plan.explanation.isEmpty { lines.append("  \(plan.plan): \(plan.explanation)") }
    if let wake = report.plans.first(where: { $0.coldVisit != nil })?.platformWake {
      let range = wake.lower < wake.upper ? "; plausible are \(seconds(wake.lower)) to \(seconds(wake.upper))" : ""
      lines.append(
        "  A cold visit is the platform's \(seconds(wake.value)) (assumed\(range)) and the application's start, measured."
      )
    }
    lines.append(
      "  Relative capacity on this CPU\(report.machine.cpuModel.map { " (\($0))" } ?? ""): the host's CPU, its burst "
        + "and its throttling period are unverified.")
    for warning in report.warnings { lines.append("  warning: \(warning)") }
    lines.append("  report: \(path)")
    return lines
  }

  private func row(_ figures: PlanFigures) -> [String] {
    let price = catalogue.web(figures.plan).map { "\($0.monthly)" } ?? "–"
    let memory = figures.peakMemoryBytes.map { "\($0 >> 20) of \(figures.memoryMegabytes) MB" } ?? "–"
    return [
      figures.plan, price, capacity(figures), figures.start.map(interval) ?? "–", cold(figures), memory,
      limit(figures),
    ]
  }

  private func capacity(_ figures: PlanFigures) -> String {
    guard let capacity = figures.capacity else { return "none" }
    if capacity.upper > capacity.lower {
      return "\(PlansText.rate(capacity.lower))/s (not \(PlansText.rate(capacity.upper))/s)"
    }
    return "at least \(PlansText.rate(capacity.lower))/s"
  }

  private func cold(_ figures: PlanFigures) -> String {
    if let visit = figures.coldVisit { return interval(visit) }
    return catalogue.web(figures.plan)?.sleep == nil ? "never sleeps" : "–"
  }

  private func limit(_ figures: PlanFigures) -> String {
    switch figures.outcome {
    case .neverStarted: return figures.constraint == .memory ? "memory, at its start" : "never answered"
    case .crashLoop: return figures.constraint == .memory ? "memory, crash loop" : "crash loop"
    case .measured: break
    }
    switch figures.constraint {
    case .latency: return "latency"
    case .failures: return "failures"
    case .memory: return "memory"
    case .generator: return "the generator"
    case .none: return "none found"
    case .start: return "start"
    }
  }

  private func interval(_ estimate: Estimate) -> String {
    "\(seconds(estimate.value)) [\(seconds(estimate.lower))–\(seconds(estimate.upper))]"
  }

  private func seconds(_ value: Double) -> String { DurationText.format(.seconds(value)) }
}

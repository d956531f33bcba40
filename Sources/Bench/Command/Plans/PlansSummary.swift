import Evidence
import Foundation
import Plans
import Support

/// A plans report for people: one line a plan, then what limits each and what the figures are worth.
struct PlansSummary {
  var report: PlansReport
  var catalogue: Catalogue
  /// Where the report is.
  var path: String

  var lines: [String] {
    var rows = [["plan", "price", "capacity", "start", "cold visit", "memory", "limit"]]
    rows += report.plans.map(row)
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let isApproximate = report.limiter == .approximate
    var lines = [
      "",
      "\(report.scenario.name) under \(report.catalogue)\(isApproximate ? "  — APPROXIMATE LIMITS" : "")",
    ]
    lines += rows.map { row in
      let cells = zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
      return ("  " + cells.joined(separator: "  ")).trimmingTrailingSpace
    }
    lines.append("")
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

extension String {
  fileprivate var trimmingTrailingSpace: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

import Foundation

/// The run as a table in Markdown.
struct RegretTable {
  let runs: [(name: String, run: RegretRun)]

  var text: String {
    var lines = [
      "| seeds | owners | within ±30 % of break-even | conclusive | of those near | wrong among conclusive | "
        + "mean regret a year | always Starter | always stay | always kept awake |",
      "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for (name, run) in runs {
      lines.append(
        "| \(name) | \(run.outcomes.count) | \(percent(run.nearShare)) | \(percent(run.conclusiveShare)) | "
          + "\(percent(run.conclusiveNearShare)) | \(percent(run.wrongShare)) | \(dollars(run.regret)) | "
          + "\(dollars(run.alwaysStarter)) | \(dollars(run.alwaysStay)) | \(dollars(run.alwaysKeepAwake)) |")
    }
    return lines.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
  private func dollars(_ value: Double) -> String { "$\((value * 100).rounded() / 100)" }
}

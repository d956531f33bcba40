import Foundation

/// The run as tables in Markdown.
struct RegretTable {
  let name: String
  let run: RegretRun

  /// What `docs/decision.md` shows.
  var text: String {
    let rows: [(String, String)] = [
      ("owners", "\(run.outcomes.count)"),
      ("within ±30 % of break-even", Self.percent(run.nearShare)),
      ("conclusive", Self.percent(run.conclusiveShare)),
      ("… of those near break-even", Self.percent(run.conclusiveNearShare)),
      ("… of those beyond ±50 % of it", Self.percent(run.conclusiveBeyondShare)),
      ("… once the one question is answered", Self.percent(run.conclusiveAfterwardsShare)),
      ("wrong among conclusive", Self.percent(run.wrongShare)),
      ("… once the one question is answered", Self.percent(run.wrongAfterwardsShare)),
      ("mean regret a year", Self.dollars(run.regret)),
      ("… of it what no evidence could spare", Self.dollars(run.unprovableRegret)),
      ("… once the one question is answered", Self.dollars(run.regretAfterwards)),
      ("always Starter", Self.dollars(run.alwaysStarter)),
      ("always stay", Self.dollars(run.alwaysStay)),
      ("always Free, kept awake", Self.dollars(run.alwaysKeepAwake)),
      ("years within the cost's bounds", Self.percent(run.coverage)),
      ("… within bounds without width", Self.percent(run.chanceCoverage)),
      ("… within the true value's, without width", Self.percent(run.truthCoverage)),
      (
        "… in the worst group of \(RegretRun.leastGroup)",
        run.leastGroupCoverage.map { "\(Self.percent($0.share)) (\($0.group.kind): \($0.group.name))" } ?? "–"
      ),
    ]
    return (["| seeds | \(name) |", "|---|---|"] + rows.map { "| \($0.0) | \($0.1) |" }).joined(separator: "\n")
  }

  /// By group: how often it is conclusive, wrong and covered.
  var groups: String {
    let head =
      "| group | | owners | near | conclusive | then | wrong | then | regret | bounds | covered | no width | below | truth |"
    let rows = run.groups.map { group, outcomes in
      func share(_ part: [RegretRun.Outcome], _ isCounted: (RegretRun.Outcome) -> Bool) -> String {
        part.isEmpty ? "–" : Self.percent(Double(part.filter(isCounted).count) / Double(part.count))
      }
      let covered = outcomes.filter { $0.coverage != nil }
      let cells = [
        group.kind, group.name, "\(outcomes.count)", share(outcomes, \.isNear),
        share(outcomes, \.judgement.isConclusive), share(outcomes, \.afterwards.isConclusive),
        share(outcomes.filter(\.judgement.isConclusive), \.judgement.isWrong),
        share(outcomes.filter(\.afterwards.isConclusive), \.afterwards.isWrong),
        Self.dollars(outcomes.reduce(0) { $0 + $1.judgement.regret } / Double(outcomes.count)), "\(covered.count)",
        share(covered) { $0.coverage?.isCovered ?? false }, share(covered) { $0.coverage?.isWithinChance ?? false },
        share(covered) { $0.coverage?.isBelow ?? false },
        share(covered) { $0.coverage?.isTrueWithinChance ?? false },
      ]
      return "| \(cells.joined(separator: " | ")) |"
    }
    return ([head, "|\(String(repeating: "---|", count: 14))"] + rows).joined(separator: "\n")
  }

  static func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
  static func dollars(_ value: Double) -> String {
    "$" + String(format: "%.2f", value)
  }
}

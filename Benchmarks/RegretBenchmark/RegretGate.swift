/// What is promised of a run, in the issue's own figures.
struct RegretGate {
  struct Promise {
    var text: String
    var found: String
    var isKept: Bool
  }

  let promises: [Promise]

  var isKept: Bool { promises.allSatisfy(\.isKept) }

  init(_ run: RegretRun) {
    func percent(_ share: Double) -> String { RegretTable.percent(share) }
    func dollars(_ amount: Double) -> String { RegretTable.dollars(amount) }
    func atLeast(_ most: Double, _ share: Double, _ text: String) -> Promise {
      Promise(text: "\(text): at least \(percent(most))", found: percent(share), isKept: share >= most)
    }
    let habits = min(run.alwaysStarter, run.alwaysStay, run.alwaysKeepAwake)
    var promises = [
      atLeast(0.4, run.nearShare, "owners within ±30 % of break-even"),
      Promise(
        text: "wrong among conclusive answers: at most 3 %", found: percent(run.wrongShare),
        isKept: run.wrongShare <= 0.03),
      Promise(text: "mean regret a year: at most $4", found: dollars(run.regret), isKept: run.regret <= 4),
      Promise(
        text: "less than any fixed habit's, \(dollars(habits))", found: dollars(run.regret), isKept: run.regret < habits
      ),
      atLeast(0.75, run.conclusiveShare, "conclusive"),
      atLeast(0.95, run.conclusiveBeyondShare, "conclusive beyond ±50 % of break-even"),
      atLeast(0.9, run.conclusiveAfterwardsShare, "conclusive once the one question is answered"),
      Promise(
        text: "wrong among those: at most 3 %", found: percent(run.wrongAfterwardsShare),
        isKept: run.wrongAfterwardsShare <= 0.03),
      atLeast(0.92, run.coverage, "years within the cost's bounds"),
    ]
    if let least = run.leastGroupCoverage {
      promises.append(
        atLeast(0.92, least.share, "the same in the worst group (\(least.group.kind): \(least.group.name))"))
    }
    self.promises = promises
  }
}

/// What is promised of a run of 4,000 owners. A smaller one, of which chance moves the shares, may fall short of a share by
/// two standard errors of so many owners, and of the mean regret by half.
struct RegretGate {
  struct Promise {
    var text: String
    var found: String
    var isKept: Bool
  }

  /// What is promised is promised of so many.
  static let owners = 4_000

  let promises: [Promise]

  var isKept: Bool { promises.allSatisfy(\.isKept) }

  init(_ run: RegretRun) {
    func percent(_ share: Double) -> String { RegretTable.percent(share) }
    func dollars(_ amount: Double) -> String { RegretTable.dollars(amount) }
    let isWhole = run.outcomes.count >= Self.owners
    func atLeast(_ least: Double, _ share: Double, _ text: String) -> Promise {
      let error = (least * (1 - least) / Double(max(1, run.outcomes.count))).squareRoot()
      let bar = isWhole ? least : least - 2 * error
      return Promise(text: "\(text): at least \(percent(bar))", found: percent(share), isKept: share >= bar)
    }
    let mostRegret = isWhole ? 4.0 : 6
    let habits = min(run.alwaysStarter, run.alwaysStay, run.alwaysKeepAwake)
    var promises = [
      atLeast(0.4, run.nearShare, "owners within ±30 % of break-even"),
      Promise(
        text: "wrong among conclusive answers: at most 3 %", found: percent(run.wrongShare),
        isKept: run.wrongShare <= 0.03),
      Promise(
        text: "mean regret a year: at most \(dollars(mostRegret))", found: dollars(run.regret),
        isKept: run.regret <= mostRegret),
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

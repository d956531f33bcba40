import Evidence
import Foundation
import Plans

/// The one thing that only the owner knows and that would settle an INCONCLUSIVE: found by deciding again with each
/// answer that is plausible, and taking the first thing of which most answers settle it.
struct OwnerQuestion {
  private let decider: Decider
  private let ruling: Ruling

  init(_ decider: Decider, _ ruling: Ruling) {
    self.decider = decider
    self.ruling = ruling
  }

  private var inputs: DecisionInputs { decider.inputs }

  /// A number that nobody stated.
  private struct Unstated {
    /// The key of `values.yaml`.
    var key: String
    /// As a question's beginning: `what does it cost you when a visitor waits for a wake`.
    var words: String
    /// Plausible answers, ascending.
    var answers: [Double]
    var shown: (Double) -> String
    var say: (Double, inout OwnerValues) -> Void
  }

  /// Nil where there is none, or where no word of the owner settles most.
  var question: Decision.Question? {
    guard ruling.verdict == .inconclusive, ruling.chosen != nil else { return nil }
    if let database { return database }
    let asked = unstated.map { unstated in
      (unstated, rulings: unstated.answers.map { answer in (answer, decide(unstated, answer)) })
    }
    func settled(_ rulings: [(Double, Ruling)]) -> Double {
      Double(rulings.count { $0.1.verdict != .inconclusive }) / Double(max(1, rulings.count))
    }
    // In the order of `unstated`: what an owner knows at once comes first, a pinger's history last.
    guard let best = asked.first(where: { settled($0.rulings) >= Self.most }) else { return nil }
    return question(best.0, best.rulings)
  }

  /// Less often than this an answer is not worth asking for.
  private static let most = 0.5

  private func decide(_ unstated: Unstated, _ answer: Double) -> Ruling {
    var inputs = inputs
    unstated.say(answer, &inputs.values)
    return Decider(decider, inputs: inputs).rule()
  }

  private var unstated: [Unstated] {
    let values = inputs.values
    var list: [Unstated] = []
    if decider.visits.source != nil, values.valuePerColdVisit == nil {
      list.append(
        Unstated(
          key: "value_per_cold_visit", words: "what does it cost you, in dollars, when a visitor waits for a wake",
          answers: [0.000_1, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
          shown: Figure.dollars,
          say: { $1.valuePerColdVisit = $0 }))
    }
    if values.otherServiceHours == nil, inputs.services > 1 {
      let others = Double(inputs.services - 1)
      list.append(
        Unstated(
          key: "other_service_hours",
          words: "how many hours a month do the workspace's other free services run, together",
          answers: [1, 5, 25, 50, 100, 200, 372, 500, 744].map { $0 * others }, shown: Figure.count,
          say: { $1.otherServiceHours = $0 }))
    }
    if values.maxAffected == nil, !values.alertsAt.isEmpty {
      list.append(
        Unstated(
          key: "max_affected", words: "what share of alerts may come late",
          answers: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], shown: Figure.percent, say: { $1.maxAffected = $0 }))
    }
    let sleeps = inputs.catalogue.web(inputs.now.web)?.sleep != nil
    if sleeps, values.keepAwakeIsAllowed, values.keepAwakeMiss == nil, values.keepAwakeBy.record.source == nil,
      decider.visits.pinger == nil
    {
      list.append(
        Unstated(
          key: "keep_awake_miss",
          words:
            "by a pinger's history (a week's trial will do), in how many hours a month does no ping come "
            + "(keep_awake_outages), and what share of the others fails to",
          answers: [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8], shown: Figure.percent,
          say: {
            $1.keepAwakeMiss = $0
            $1.keepAwakeOutageHours = PingBounds(values).expected.outageShare * SleepOutlook.hoursPerMonth
          }))
    }
    return list
  }

  private var database: Decision.Question? {
    guard inputs.values.data == .precious, inputs.now.database == .unsaid else { return nil }
    return Decision.Question(
      text: "Where is the data kept: in a database of the host, on the service's own disk, or elsewhere?",
      key: "--database")
  }

  // MARK: Words

  /// An answer's outcome, as far as two of them are told apart.
  private func outcome(_ ruling: Ruling) -> String? {
    ruling.verdict == .inconclusive ? nil : Flips(decider, ruling).words(ruling)
  }

  private func question(_ unstated: Unstated, _ rulings: [(answer: Double, ruling: Ruling)]) -> Decision.Question {
    let outcomes = rulings.map { ($0.answer, outcome($0.ruling)) }
    let words = unstated.words.prefix(1).uppercased() + unstated.words.dropFirst()
    // The first outcome and the next other one, with the last and the first answer that lead to them.
    guard let first = outcomes.first(where: { $0.1 != nil }), let low = first.1 else {
      return Decision.Question(text: "\(words)?", key: unstated.key)
    }
    guard let high = outcomes.first(where: { $0.0 > first.0 && $0.1 != nil && $0.1 != low }), let other = high.1,
      let last = outcomes.last(where: { $0.0 < high.0 && $0.1 == low })
    else {
      let ends = outcomes.last { $0.1 == low }
      let isBelow = first.0 == outcomes.first?.0
      let border = isBelow ? ends?.0 ?? first.0 : first.0
      return Decision.Question(
        text: "\(words): \(isBelow ? "up to" : "over") \(unstated.shown(border)) (then \(low))?", key: unstated.key,
        border: border)
    }
    let edge = edges(unstated, from: (last.0, low), to: (high.0, other))
    let under = Figure.apart(edge.low, from: edge.high, unstated.shown)
    return Decision.Question(
      text: "\(words): under \(under) (then \(low)) or over \(Figure.apart(edge.high, from: edge.low, unstated.shown)) "
        + "(then \(other))?", key: unstated.key, border: (edge.low + edge.high) / 2)
  }

  /// The two answers between which it stays open, by halving.
  private func edges(
    _ unstated: Unstated, from low: (answer: Double, outcome: String), to high: (answer: Double, outcome: String)
  ) -> (low: Double, high: Double) {
    func border(_ inside: Double, _ outside: Double, _ outcome: String) -> Double {
      var inside = inside
      var outside = outside
      for _ in 0..<5 {
        let middle = inside > 0 && outside > 0 ? (inside * outside).squareRoot() : (inside + outside) / 2
        if self.outcome(decide(unstated, middle)) == outcome { inside = middle } else { outside = middle }
      }
      return inside
    }
    return (border(low.answer, high.answer, low.outcome), border(high.answer, low.answer, high.outcome))
  }
}

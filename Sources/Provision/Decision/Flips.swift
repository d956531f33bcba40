import Evidence
import Foundation
import Plans
import Statistics

/// What would change the answer: found by deciding again with one thing changed, and halving down to the border.
struct Flips {
  private let decider: Decider
  private let ruling: Ruling

  init(_ decider: Decider, _ ruling: Ruling) {
    self.decider = decider
    self.ruling = ruling
  }

  var all: [Decision.Flip] {
    guard decider.visits.source != nil else { return [] }
    let values = [value(up: true), value(up: false)]
    let others = [services, keepAwake, traffic(up: true), traffic(up: false)]
    // What nobody stated comes first.
    let isStated = decider.inputs.values.valuePerColdVisit != nil
    return ((isStated ? others + values : values + others) + [miss, data]).compactMap(\.self)
  }

  /// What an answer is, as far as a flip goes: hours of duty may shift within it.
  private struct Answer: Equatable {
    var verdict: Decision.Verdict
    var web: String?
    var database: String?
    var isKeptAwake: Bool

    init(_ ruling: Ruling) {
      verdict = ruling.verdict
      let deployment = ruling.verdict == .inconclusive ? nil : ruling.chosen?.deployment
      web = deployment?.web
      database = deployment?.database.text
      isKeptAwake = (deployment?.keepAwake ?? .none) != .none
    }
  }

  private var answer: Answer { Answer(ruling) }

  private func rule(countsAnew: Bool = false, _ change: (inout DecisionInputs) -> Void) -> Ruling {
    var inputs = decider.inputs
    change(&inputs)
    return (countsAnew ? Decider(inputs) : Decider(decider, inputs: inputs)).rule()
  }

  /// `UPGRADE web to Starter ($7)`.
  func words(_ ruling: Ruling) -> String? {
    guard let chosen = ruling.chosen else { return nil }
    let words = DeploymentWords(decider.inputs)
    switch ruling.verdict {
    case .inconclusive: return nil
    case .stay:
      // Hours of duty may shift within an answer.
      return "STAY on \(words.web(chosen.deployment))\(chosen.deployment.keepAwake == .none ? "" : ", kept awake")"
    case .upgrade, .downgrade:
      let changes = words.changes(to: chosen.deployment)
      let shown = changes.isEmpty ? words.name(chosen.deployment) : changes.joined(separator: ", ")
      return "\(ruling.verdict.rawValue) \(shown) (\(chosen.price))"
    }
  }

  private func flip(_ other: Ruling, _ parameter: String, _ value: Double?, _ when: String) -> Decision.Flip? {
    guard Answer(other) != answer, let to = words(other) else { return nil }
    return Decision.Flip(to: to, when: when, parameter: parameter, value: value)
  }

  // MARK: Changes

  private var sleeps: Bool { ruling.chosen?.sleeps == true }

  private var services: Decision.Flip? {
    guard sleeps, decider.inputs.values.otherServiceHours == nil else { return nil }
    let count = decider.inputs.services + 1
    let other = rule { $0.services = count }
    if Answer(other) != answer, other.verdict == .inconclusive {
      // Kept awake round the clock another service that runs at all is one too many; less than that depends on it.
      let used = rule {
        $0.services = count
        $0.values.otherServiceHours = 372 * Double(count - 1)
      }
      return flip(used, "services", Double(count), "once another service of the workspace runs half the day")
    }
    return flip(
      other, "services", Double(count),
      count == 2 ? "once a second service shares the workspace" : "once \(count) services share the workspace")
  }

  private var keepAwake: Decision.Flip? {
    guard sleeps, let chosen = ruling.chosen, chosen.deployment.keepAwake != .none else { return nil }
    let other = rule(countsAnew: decider.visits.pinger != nil) {
      $0.values.keepAwakeIsAllowed = false
      $0.now.keepAwake = .none
    }
    return flip(other, "keep_awake", nil, "if it may not be kept awake")
  }

  private func traffic(up: Bool) -> Decision.Flip? {
    guard let found = border(up: up, most: up ? 64 : 1 / 64, { decider.rule(scale: $0) }) else { return nil }
    // Of today, not of the horizon's mean, which growth has multiplied already.
    var today = decider.inputs.values
    today.growthPerYear = 0
    let visits =
      decider.visits.source.map {
        Outlooks($0, values: today, wake: decider.visits.wake).outlook(.none).visitsPerMonth.value
      } ?? 0
    let times = up ? "\(Figure.apart(found.factor, from: 1, Figure.bare)) times" : "\(Figure.percent(found.factor)) of"
    return flip(
      found.ruling, "traffic", visits * found.factor,
      "at \(up ? "over" : "under") \(Figure.apart(visits * found.factor, from: visits, Figure.count)) visits a month, \(times) "
        + "today's")
  }

  private func value(up: Bool) -> Decision.Flip? {
    let base = decider.inputs.values.waitingValue.value
    // Of a value that nobody stated an open answer asks; any that is stated would be another one.
    if ruling.verdict == .inconclusive, decider.inputs.values.valuePerColdVisit == nil { return nil }
    guard base > 0 else { return nil }
    guard
      let found = border(
        up: up, most: up ? 1_000 : 1 / 1_000, { factor in rule { $0.values.valuePerColdVisit = base * factor } })
    else { return nil }
    return flip(
      found.ruling, "value_per_cold_visit", base * found.factor,
      "if an affected visit costs \(up ? "over" : "under") "
        + Figure.apart(base * found.factor, from: base, Figure.dollars))
  }

  private var miss: Decision.Flip? {
    guard sleeps, let chosen = ruling.chosen, chosen.deployment.keepAwake != .none, decider.visits.pinger == nil,
      ruling.verdict != .inconclusive
    else {
      return nil
    }
    let base = max(0.01, PingBounds(decider.inputs.values).expected.miss)
    guard
      let found = border(
        up: true, most: 1 / base, { factor in rule { $0.values.keepAwakeMiss = min(1, base * factor) } })
    else { return nil }
    return flip(
      found.ruling, "keep_awake_miss", base * found.factor,
      "if over \(Figure.percent(base * found.factor, apartFrom: PingBounds(decider.inputs.values).expected.miss)) of pings fail to come"
    )
  }

  private var data: Decision.Flip? {
    guard decider.inputs.values.data == .scrapeable, decider.inputs.now.database != .unsaid else { return nil }
    return flip(rule { $0.values.data = .precious }, "data", nil, "once data is kept that can't be scraped again")
  }

  /// The factor nearest to 1 at which the answer is another conclusive one: steps of a quarter, then halving.
  private func border(up: Bool, most: Double, _ rule: (Double) -> Ruling) -> (factor: Double, ruling: Ruling)? {
    var inside = 1.0
    var outside = 1.0
    var found: Ruling?
    while found == nil, up ? outside < most : outside > most {
      inside = outside
      outside = up ? min(most, outside * 1.4) : max(most, outside / 1.4)
      let other = rule(outside)
      if Answer(other) != answer, other.verdict != .inconclusive { found = other }
    }
    guard var best = found else { return nil }
    let target = Answer(best)
    for _ in 0..<6 {
      let middle = (inside * outside).squareRoot()
      let other = rule(middle)
      if Answer(other) == target {
        best = other
        outside = middle
      } else {
        inside = middle
      }
    }
    return (outside, best)
  }
}

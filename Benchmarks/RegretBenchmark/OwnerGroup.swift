import Evidence
import ProvisionDecision

/// A group of owners that are alike in one thing.
struct OwnerGroup: Hashable, Comparable {
  var kind: String
  var name: String

  static func < (left: OwnerGroup, right: OwnerGroup) -> Bool { (left.kind, left.name) < (right.kind, right.name) }

  /// All that an owner and the answer that they got belong to.
  static func of(_ owner: SimulatedOwner, _ judgement: Judgement) -> [OwnerGroup] {
    let pinger = owner.keepAwakeIsAllowed ? owner.pinger.kind.rawValue : "refused"
    let said = owner.keepAwakeIsAllowed ? owner.pinger.said.rawValue : "refused"
    let log =
      switch owner.logDays {
      case ..<7: "2–6 days"
      case 7..<14: "7–13 days"
      default: "14–28 days"
      }
    let size =
      switch owner.traffic.perDay {
      case ..<3: "0.3–3 a day"
      case ..<16: "3–16 a day"
      default: "16–90 a day"
      }
    let memory = owner.load.killsPerMonth > 0 ? "killed" : owner.load.saysMemory ? "said" : "not said"
    let chosen = judgement.chosen.keepAwake.text.map { $0 == "always" ? " awake" : " awake in hours" } ?? ""
    return [
      OwnerGroup(kind: "traffic", name: owner.traffic.kind.rawValue),
      OwnerGroup(kind: "growth", name: owner.traffic.growth.rawValue),
      OwnerGroup(kind: "pinger", name: pinger),
      OwnerGroup(kind: "pinger's failures", name: said),
      OwnerGroup(
        kind: "pings every", name: owner.keepAwakeIsAllowed ? "\(Int(owner.pinger.everySeconds / 60)) min" : "refused"),
      OwnerGroup(kind: "log", name: log),
      OwnerGroup(kind: "visits", name: size),
      OwnerGroup(kind: "value of a visit", name: owner.saysValue ? "said" : "not said"),
      OwnerGroup(kind: "largest share", name: owner.maxAffected < 1 ? "said" : "not said"),
      OwnerGroup(kind: "clients' time limit", name: owner.timeLimit == nil ? "none" : "some"),
      OwnerGroup(
        kind: "other services", name: owner.services == 1 ? "none" : owner.saysOtherHours ? "said" : "not said"),
      OwnerGroup(kind: "wake", name: owner.measuredWake ? "measured" : "not measured"),
      OwnerGroup(kind: "memory", name: memory),
      OwnerGroup(kind: "plan now", name: "\(owner.load.plan), \(owner.load.evidence.rawValue)"),
      OwnerGroup(kind: "verdict", name: judgement.verdict.rawValue),
      OwnerGroup(kind: "candidate", name: judgement.chosen.web + chosen),
    ]
  }
}

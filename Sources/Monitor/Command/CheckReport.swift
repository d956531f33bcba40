import Curl
import Foundation
import MonitorProbe
import Terminal
import Visits

/// One probe, for people and for programs.
struct CheckReport: Encodable {
  private let url: String
  private let state: String
  private let edgeClass: EdgeClass
  private let meaning: String
  private let status: Int?
  private let address: String?
  private let phases: ProbePhases
  private let failure: String?
  private let conditions: [Outcome]

  private struct Outcome: Encodable {
    var condition: String
    var is_met: Bool
    var observed: String?
  }

  init(_ result: ProbeResult, _ outcomes: [Condition.Outcome]) {
    url = result.url
    state = ProbeMapping.stateName(result, conditionsHold: outcomes.allSatisfy(\.isMet))
    edgeClass = result.edgeClass
    meaning = result.meaning
    status = result.status
    address = result.address
    phases = result.phases
    failure = result.failure?.code.rawValue
    conditions = outcomes.map { Outcome(condition: $0.condition, is_met: $0.isMet, observed: $0.observed) }
  }

  private enum CodingKeys: String, CodingKey {
    case url, state, meaning, status, address, phases, failure, conditions
    case edgeClass = "edge_class"
  }

  var text: String {
    var lines = ["\(state)  \(url)", "  \(meaning)" + (status.map { ", status \($0)" } ?? "")]
    let steps: [(String, Double?)] = [
      ("dns", phases.dnsMilliseconds), ("connect", phases.connectMilliseconds), ("tls", phases.tlsMilliseconds),
      ("first byte", phases.firstByteMilliseconds), ("transfer", phases.transferMilliseconds),
    ]
    if status != nil {
      let largest = max(steps.compactMap(\.1).max() ?? 0, 0.001)
      for (name, value) in steps {
        guard let value else { continue }
        let bar = String(repeating: "█", count: max(0, Int((value / largest * 30).rounded())))
        lines.append("  \(TextLayout.left(name, 11))\(Self.milliseconds(value))  \(bar)")
      }
      lines.append("  total      \(Self.milliseconds(phases.totalMilliseconds))")
    }
    for outcome in conditions {
      let observed = outcome.observed.map { "was \($0.replacing("\n", with: " "))" } ?? "there was nothing to compare"
      lines.append("  \(outcome.is_met ? "✓" : "✗") \(outcome.condition)\(outcome.is_met ? "" : "   \(observed)")")
    }
    return lines.joined(separator: "\n")
  }

  private static func milliseconds(_ value: Double) -> String {
    TextLayout.right(String(format: "%.1f ms", value), 11)
  }
}

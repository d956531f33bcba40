package import Evidence
import Foundation
import Terminal
import Wording

/// Traffic for people: the week as a strip, gaps, who was set apart.
package enum TrafficSummary {
  /// - Parameter affected: the line on visits affected now, when that was counted.
  package static func render(_ traffic: Traffic, affected: String?) -> [String] {
    var lines = [headline(traffic), ""] + strip(traffic) + [""]
    if let affected { lines.append(entry("affected now", affected)) }
    if let counted = traffic.counted {
      lines.append(entry("gaps", gaps(counted, span: traffic.spanSeconds)))
    }
    if let peak = traffic.peak {
      lines.append(
        entry(
          "peak",
          "\(number(peak.requestsPerSecondInBusiestMinute)) req/s in the busiest minute, "
            + "\(number(peak.requestsInBusiestSecond)) in the busiest second, \(peak.at.description.prefix(16))Z"))
    }
    if let egress = traffic.egressBytesPerMonth {
      lines.append(entry("sent", "\(number(egress / 1e9)) GB a month"))
    }
    if traffic.counted != nil {
      lines.append(entry("set apart", traffic.setApart.isEmpty ? "nobody" : ""))
      for caller in traffic.setApart.prefix(8) { lines.append("    \(describe(caller))") }
      if traffic.setApart.count > 8 { lines.append("    … and \(traffic.setApart.count - 8) more") }
    }
    for warning in traffic.warnings { lines.append("  ! \(warning)") }
    return lines
  }

  private static func entry(_ label: String, _ text: String) -> String {
    "  \(TextLayout.left(label, max(15, label.count + 1)))\(text)"
  }

  private static func headline(_ traffic: Traffic) -> String {
    let sources = traffic.sources.joined(separator: ", ")
    let perWeek = traffic.visitsByHourOfWeek.reduce(0, +)
    guard let counted = traffic.counted else {
      return "\(sources)  stated: \(several(number(perWeek), "visit")) a week · hours in \(traffic.timeZone)"
    }
    let days = traffic.spanSeconds / 86_400
    let span = days < 2 ? several(number(traffic.spanSeconds / 3_600), "hour") : several(number(days), "day")
    return "\(sources)  \(span) · \(several(NumberText.grouped(counted.requests), "request")) · "
      + "\(several(NumberText.grouped(counted.visits.count), "visit")) · \(several(number(traffic.requestsPerVisit), "request")) a visit"
  }

  /// Seven rows of 24 hours, darker where more come.
  private static func strip(_ traffic: Traffic) -> [String] {
    let shades = ["·", "░", "▒", "▓", "█"]
    let most = traffic.visitsByHourOfWeek.max() ?? 0
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let rows = (0..<7).map { day in
      let cells = (0..<24).map { hour -> String in
        let rate = traffic.visitsByHourOfWeek[day * 24 + hour]
        guard rate > 0, most > 0 else { return shades[0] }
        return shades[max(1, min(4, Int((rate / most * 4).rounded(.up))))]
      }
      return "  \(names[day])  \(cells.joined())"
    }
    return ["       0     6     12    18      \(traffic.timeZone), busiest hour \(several(number(most), "visit"))"]
      + rows
  }

  private static func gaps(_ counted: Traffic.Counted, span: Double) -> String {
    var gaps: [Int] = []
    for (earlier, later) in zip(counted.activity, counted.activity.dropFirst()) { gaps.append(later[0] - earlier[1]) }
    guard let longest = gaps.max() else { return "none" }
    let long = gaps.filter { $0 > 900 }
    let asleep = long.reduce(0) { $0 + $1 - 900 }
    let share = span > 0 ? Double(asleep) / span * 100 : 0
    return
      "\(NumberText.grouped(long.count)) over 15 minutes without a person, the longest \(number(Double(longest) / 3_600)) h; "
      + "asleep \(number(share)) % of the time by people alone"
  }

  private static func describe(_ caller: Traffic.SetApart) -> String {
    let interval = caller.medianIntervalSeconds.map { seconds in
      seconds < 120 ? ", every \(number(seconds)) s" : ", every \(number(seconds / 60)) min"
    }
    return
      "\(caller.name)  \(caller.kind.rawValue), \(several(NumberText.grouped(caller.requests), "request"))\(interval ?? "")"
  }

  /// A number as it is shown, and what it counts: `1 visit`, `0.5 visits`.
  private static func several(_ number: String, _ noun: String) -> String {
    "\(number) \(number == "1" ? noun : noun + "s")"
  }

  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "∞" }
    return value >= 100 ? NumberText.grouped(Int(value.rounded())) : NumberText.trimmed(value, value >= 10 ? 1 : 2)
  }
}

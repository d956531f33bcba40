import Evidence
import Foundation
import MonitorSleep
import Statistics
import Terminal
import Wording

/// A report on one screen.
struct MonitorSummaryText {
  private let report: MonitorReport
  private let spans: [WatchSummary.Span]

  init(_ report: MonitorReport, spans: [WatchSummary.Span]) {
    self.report = report
    self.spans = spans
  }

  private static let width = 64
  private static let marks: [(state: MonitorReport.State, mark: Character)] = [
    (.up, "█"), (.waking, "▒"), (.asleep, "·"), (.down, "X"), (.suspended, "S"), (.misrouted, "M"), (.unknown, "?"),
  ]

  var text: String {
    let span = report.to.seconds - report.from.seconds
    var lines = [
      "\(report.service)   \(report.from.minute) – \(report.to.minute) UTC, \(Self.duration(span)), "
        + "by \(report.sensor.rawValue.replacing("_", with: " "))"
        + (report.origin == .emulated ? ", EMULATED" : "")
        + (report.timeScale == 1 ? "" : ", clocks ×\(report.timeScale.formatted())")
    ]
    lines += ["", "  " + strip, "  " + legend, ""]
    lines.append(row("uptime", report.uptime.map(Self.percent) ?? "not known", "of the time that it should have run"))
    for state in MonitorReport.State.allCases {
      let seconds = report.secondsByState[state.rawValue, default: 0]
      guard seconds > 0 else { continue }
      lines.append(row(state.rawValue, Self.duration(seconds), span > 0 ? Self.percent(seconds / span) : ""))
    }
    lines.append(row("wakes", "\(report.wakes)", startText))
    if let share = report.affectedShare, let visits = report.visits {
      lines.append(
        row(
          "cold visits", "\(Self.percent(share.value)) [\(Self.percent(share.lower))–\(Self.percent(share.upper))]",
          "counted: \(report.affectedVisits ?? 0) of \(CountText.plural(visits, "visit"))"))
    } else {
      lines.append(row("cold visits", "not known", "visits were not seen"))
    }
    if let hours = report.instanceHoursPerMonth {
      lines.append(
        row(
          "hours a month",
          "\(Int(hours.value.rounded())) [\(Int(hours.lower))–\(Int(hours.upper.rounded(.up)))]",
          hours.basis.rawValue + (report.causedSeconds > 0 ? ", the monitor's share taken off" : "")))
    } else {
      lines.append(
        row(
          "hours a month", "not known yet",
          "watched for \(Self.duration(span)), too little to tell: see below"))
    }
    if let peak = report.memoryPeakBytes {
      lines.append(row("memory", String(format: "%.0f MB", Double(peak) / 1_048_576), "at most, of its process alone"))
    }
    let caused = causedText
    lines.append(
      row(
        "monitor caused", caused,
        "\(CountText.plural(report.probes, "request")), \(report.probesAnswered) of them reached the app"
          + (report.causedSeconds > 0 ? "; \(report.causedBasis.rawValue)" : "")))
    lines += report.warnings.map { "  ! \($0)" }
    return lines.joined(separator: "\n")
  }

  /// Requests that reached the app of a plan that never sleeps add no time awake.
  private var causedText: String {
    if report.causedSeconds > 0 { return "\(Self.duration(report.causedSeconds)) awake" }
    return report.probesAnswered > 0 ? "no time awake" : "nothing"
  }

  private var startText: String {
    if let wake = report.wakeSeconds {
      return "\(wake.value.formatted()) s to the first answer [\(wake.lower.formatted())–\(wake.upper.formatted())]"
    }
    guard let start = report.startSeconds else { return "" }
    return "the app starts in \(start.value.formatted()) s [\(start.lower.formatted())–\(start.upper.formatted())]"
  }

  /// What each part of the time was, the worst of a part winning.
  private var strip: String {
    let start = report.from.seconds
    let step = (report.to.seconds - start) / Double(Self.width)
    guard step > 0 else { return "" }
    var index = 0
    return String(
      (0..<Self.width).map { column -> Character in
        let (from, to) = (start + Double(column) * step, start + Double(column + 1) * step)
        while index < spans.count, spans[index].to <= from { index += 1 }
        var share: [MonitorReport.State: Double] = [:]
        for span in spans[index...].prefix(while: { $0.from < to }) {
          share[span.state, default: 0] += min(span.to, to) - max(span.from, from)
        }
        let alarming: [MonitorReport.State] = [.down, .suspended, .misrouted]
        let state = alarming.first { share[$0] != nil } ?? share.max { $0.value < $1.value }?.key ?? .unknown
        return Self.marks.first { $0.state == state }?.mark ?? "?"
      })
  }

  private var legend: String {
    Self.marks.filter { report.secondsByState[$0.state.rawValue, default: 0] > 0 }
      .map { "\($0.mark) \($0.state.rawValue.lowercased())" }.joined(separator: "  ")
  }

  private func row(_ name: String, _ value: String, _ note: String) -> String {
    "  " + TextLayout.left(name, 16)
      + (note.isEmpty ? value : TextLayout.left(value, max(20, value.count + 2)) + note)
  }

  private static func percent(_ share: Double) -> String {
    let value = share * 100
    return String(format: value >= 99.95 || value == 0 ? "%.0f %%" : value < 10 ? "%.2f %%" : "%.1f %%", value)
  }

  private static func duration(_ seconds: Double) -> String {
    seconds >= 172_800 ? String(format: "%.1f days", seconds / 86_400) : DurationText.format(.seconds(seconds))
  }
}

extension UTCInstant {
  /// `2026-11-25 16:00`
  fileprivate var minute: String { String(description.prefix(16)).replacing("T", with: " ") }
}

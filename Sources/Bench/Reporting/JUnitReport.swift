package import Evidence
import Wording

/// A run as JUnit XML, which CI systems show: a test case a budget, one for the generator, and one for the run when it
/// did not come to a judgement.
package enum JUnitReport {
  package static func render(_ report: BenchReport) -> String {
    let name = "outgrown.bench.\(report.scenario.name)"
    var cases = report.budgets.map { testCase($0, className: name, seconds: report.measuredSeconds) }
    cases.append(generator(report, className: name))
    if let run = run(report, className: name) { cases.append(run) }
    let failures = cases.filter { $0.result == .failure }.count
    let errors = cases.filter { $0.result == .error }.count
    let time = NumberText.fixed(max(0, report.durationSeconds), 3)
    let figures = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" time=\"\(time)\""
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
    lines.append("<testsuites name=\"outgrown bench\" \(figures)>")
    let timestamp = report.startedAt.description.prefix(19)
    lines.append("  <testsuite name=\"\(escape(name))\" \(figures) skipped=\"0\" timestamp=\"\(timestamp)\">")
    lines += cases.flatMap(\.lines)
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private enum Result { case pass, failure, error }

  private struct Case {
    let result: Result
    let lines: [String]
  }

  private static func testCase(_ budget: BudgetFigures, className: String, seconds: Double) -> Case {
    let line = BudgetLine(budget)
    var failure: (type: String, message: String)?
    switch budget.verdict {
    case .met: break
    case .notMet: failure = ("budget not met", "\(budget.text): \(line.finding)")
    case .noData: failure = ("no data", "\(budget.text): no samples to judge")
    case .unsure: failure = ("unsure", "\(budget.text): \(line.finding)")
    }
    guard budget.level != .warn, budget.verdict != .unsure else {
      let told = [failure.map { "warning: \($0.message)" }, budget.warning].compactMap(\.self)
      return make(
        budget.text, className, seconds: seconds, .failure, nil,
        output: told.isEmpty ? nil : told.joined(separator: "; "))
    }
    return make(budget.text, className, seconds: seconds, .failure, failure, output: budget.warning)
  }

  private static func generator(_ report: BenchReport, className: String) -> Case {
    let generator = report.generator
    let isBound = generator.isBound || report.verdict.outcome == .generatorBound
    let message = generator.warnings.first ?? "the generator could have flipped a verdict"
    return make(
      "generator keeps up", className, seconds: report.durationSeconds, .failure,
      isBound ? ("generator bound", message) : nil, output: isBound ? nil : generator.warnings.first)
  }

  private static func run(_ report: BenchReport, className: String) -> Case? {
    switch report.verdict.outcome {
    case .pass, .fail, .noData, .generatorBound: return nil
    case .neverAnswered, .interrupted, .error:
      let message = report.verdict.reasons.first ?? report.verdict.outcome.rawValue
      return make(
        "run", className, seconds: report.durationSeconds, .error, (report.verdict.outcome.rawValue, message))
    }
  }

  private static func make(
    _ name: String, _ className: String, seconds: Double, _ result: Result, _ problem: (type: String, message: String)?,
    output: String? = nil
  ) -> Case {
    let time = NumberText.fixed(max(0, seconds), 3)
    let head = "    <testcase name=\"\(escape(name))\" classname=\"\(escape(className))\" time=\"\(time)\""
    var body: [String] = []
    if let problem {
      let tag = result == .error ? "error" : "failure"
      let message = escape(problem.message)
      body.append("      <\(tag) message=\"\(message)\" type=\"\(escape(problem.type))\">\(message)</\(tag)>")
    }
    if let output { body.append("      <system-out>\(escape(output))</system-out>") }
    guard !body.isEmpty else { return Case(result: .pass, lines: [head + "/>"]) }
    return Case(result: problem == nil ? .pass : result, lines: [head + ">"] + body + ["    </testcase>"])
  }

  /// For text and for attributes in double quotes; characters that XML 1.0 has no way to write become U+FFFD.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
